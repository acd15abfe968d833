package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.distributor.application.DistributorApp;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testing.PrometheusServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SDK → distributor → broker → streams app in a process of its own → real Prometheus; the streams
 * app is killed in the middle of it, more than once.
 */
class KillStreamsAppIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int KILLS = 3;
  private static final int TRACES = 2000;

  @TempDir Path directory;

  @Test
  void shouldCountEverySpanOnceThroughKills() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    int otlpPort = freePort();
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        PrometheusServer prometheus = PrometheusServer.start(directory.resolve("prometheus"));
        DistributorApp distributor = distributor(kafka, otlpPort);
        JavaProcess streams =
            JavaProcess.streamsApp(directory.resolve("streams-app.log"), flags(kafka, prometheus));
        TestTraffic traffic = new TestTraffic("http://127.0.0.1:" + otlpPort)) {
      distributor.start();
      traffic.send(TRACES);
      await().alias("the streams app goes on").atMost(PATIENCE).until(() -> calls(prometheus) > 0);
      for (int kill = 0; kill < KILLS; kill++) {
        traffic.send(TRACES / 2);
        streams.kill();
        traffic.send(TRACES / 2);
        double before = calls(prometheus);
        streams.start();
        await()
            .alias("the streams app goes on")
            .atMost(PATIENCE)
            .until(() -> calls(prometheus) > before);
      }
      assertThat(traffic.failed()).isZero();
      assertThat(traffic.acknowledged()).isEqualTo(traffic.traces() * TestTraffic.SPANS_PER_TRACE);

      awaitEqual(
          prometheus, "sum(traces_spanmetrics_calls_total)", (double) traffic.acknowledged());
      awaitEqual(
          prometheus, "sum(traces_spanmetrics_latency_count)", (double) traffic.acknowledged());
      awaitEqual(
          prometheus,
          "sum(traces_service_graph_request_total{client=\"shop\",server=\"cart\"})",
          (double) traffic.traces());
      awaitEqual(
          prometheus,
          "sum(traces_service_graph_request_failed_total{client=\"shop\",server=\"cart\"})",
          traffic.traces() / 10.0);
      awaitEqual(
          prometheus,
          "sum(traces_service_graph_request_total{client=\"cart\",server=\"carts\",connection_type=\"database\"})",
          (double) traffic.traces());
      assertThat(query(prometheus, "max(resets(traces_spanmetrics_calls_total[1h]))")).isZero();
    }
  }

  private static void awaitEqual(PrometheusServer prometheus, String promql, double expected) {
    await()
        .alias(promql)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(query(prometheus, promql)).as(promql).isEqualTo(expected));
  }

  private static double calls(PrometheusServer prometheus) {
    return query(prometheus, "sum(traces_spanmetrics_calls_total)");
  }

  private static double query(PrometheusServer prometheus, String promql) {
    return prometheus.query(promql).stream()
        .mapToDouble(PrometheusServer.Sample::value)
        .findFirst()
        .orElse(0);
  }

  private DistributorApp distributor(EmbeddedKafka kafka, int otlpPort) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers",
            kafka.bootstrapServers(),
            "--otlp-host",
            "127.0.0.1",
            "--otlp-grpc-port",
            "" + otlpPort,
            "--otlp-http-port",
            "0");
    Settings settings =
        SettingsLoader.load(DistributorSettings.define(new ConfigDef()), flags, Map.of());
    return new DistributorApp(
        DistributorSettings.from(settings), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  private List<String> flags(EmbeddedKafka kafka, PrometheusServer prometheus) {
    return List.of(
        "--kafka-bootstrap-servers", kafka.bootstrapServers(),
        "--remote-write-url", prometheus.remoteWriteUrl(),
        "--state-dir", directory.resolve("state").toString(),
        "--instance-id", "only",
        "--window", "1s",
        "--shards", "2",
        "--http-port", "0");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
