package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.audit.application.Audit;
import dev.weir.audit.config.AuditSettings;
import dev.weir.distributor.application.DistributorApp;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.testing.PrometheusServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker, two instances of the streams app and a real Prometheus, each a process, under load; at
 * random one of them is killed with SIGKILL, frozen, or away for a while. In the end every counter
 * in Prometheus equals a plain recount of the log, per series, no counter was reset, the books
 * balance, and the log computed again gives the live outbox to the bit.
 *
 * <p>{@code -Dweir.chaos.steps=N} makes it longer; {@code -Dweir.chaos.seed=X} repeats a schedule.
 */
class ChaosIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int STEPS = Integer.getInteger("weir.chaos.steps", 10);
  private static final long SEED = Long.getLong("weir.chaos.seed", System.nanoTime());

  private final SplittableRandom random = new SplittableRandom(SEED);

  @TempDir Path directory;

  @Test
  void shouldCountEverySpanOfTheLogOnceWhateverDies() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    tell("%d steps; repeat with -Dweir.chaos.seed=%d".formatted(STEPS, SEED));
    int kafkaPort = freePort();
    int otlpPort = freePort();
    String kafka = "127.0.0.1:" + kafkaPort;
    try (JavaProcess broker =
            JavaProcess.broker(
                directory.resolve("broker.log"), directory.resolve("kafka"), kafkaPort);
        PrometheusServer prometheus = PrometheusServer.start(directory.resolve("prometheus"));
        DistributorApp distributor = distributor(kafka, otlpPort);
        JavaProcess first = streamsApp("first", kafka, prometheus);
        JavaProcess second = streamsApp("second", kafka, prometheus);
        TestTraffic traffic = new TestTraffic("http://127.0.0.1:" + otlpPort)) {
      distributor.start();
      await()
          .atMost(PATIENCE)
          .until(() -> distributor.readiness().checks().stream().allMatch(check -> check.ready()));
      traffic.send(200);
      for (int step = 0; step < STEPS; step++) {
        disturb(broker, prometheus, random.nextBoolean() ? first : second, traffic);
        traffic.send(100);
      }
      Map<String, Double> counted = Recount.ofLog(Map.of("bootstrap.servers", kafka), "weir.spans");
      assertThat(counted.values().stream().mapToDouble(Double::doubleValue).sum())
          .isGreaterThanOrEqualTo((double) traffic.acknowledged());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(calls(prometheus)).isEqualTo(counted));
      assertThat(prometheus.query("max(resets(traces_spanmetrics_calls_total[1h]))").get(0).value())
          .isZero();
      assertThat(audit(kafka)).isZero();
      assertThat(replay(kafka)).isZero();
    }
  }

  private void disturb(
      JavaProcess broker, PrometheusServer prometheus, JavaProcess app, TestTraffic traffic) {
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        tell("an app is killed and comes back at once");
        app.kill();
        app.start();
        traffic.send(50);
      }
      case 2 -> {
        tell("an app is killed and away for a while");
        app.kill();
        traffic.send(300);
        app.start();
      }
      case 3 -> {
        tell("an app stands still");
        app.freeze();
        traffic.send(300);
        app.thaw();
      }
      case 4 -> {
        tell("the broker is killed");
        broker.kill();
        broker.start();
        traffic.send(50);
      }
      default -> {
        tell("Prometheus is away");
        prometheus.stop();
        traffic.send(200);
        prometheus.start();
      }
    }
  }

  private static void tell(String what) {
    System.out.println("chaos: " + what);
  }

  private static Map<String, Double> calls(PrometheusServer prometheus) {
    Map<String, Double> calls = new TreeMap<>();
    prometheus
        .query("traces_spanmetrics_calls_total")
        .forEach(sample -> calls.merge(Recount.key(sample.labels()), sample.value(), Double::sum));
    return calls;
  }

  private static int audit(String kafka) throws InterruptedException {
    List<String> flags = List.of("--kafka-bootstrap-servers", kafka, "--window", "1s");
    Settings settings = SettingsLoader.load(AuditSettings.define(new ConfigDef()), flags, Map.of());
    return new Audit(AuditSettings.from(settings), System.out::println, System.err::println).run();
  }

  private int replay(String kafka) throws InterruptedException {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers",
            kafka,
            "--shards",
            "4",
            "--window",
            "1s",
            "--patience",
            "60s",
            "--service-graph-wait",
            "5s");
    Settings settings =
        SettingsLoader.load(ReplaySettings.define(new ConfigDef()), flags, Map.of());
    return new Replay(ReplaySettings.from(settings), Terminal.plain(System.out, System.err)).run();
  }

  private JavaProcess streamsApp(String name, String kafka, PrometheusServer prometheus) {
    return JavaProcess.streamsApp(
        directory.resolve(name + ".log"),
        List.of(
            "--kafka-bootstrap-servers", kafka,
            "--remote-write-url", prometheus.remoteWriteUrl(),
            "--state-dir", directory.resolve(name).toString(),
            "--instance-id", name,
            "--session-timeout", "6s",
            "--stream-threads", "1",
            "--window", "1s",
            "--service-graph-wait", "5s",
            "--shards", "4",
            "--http-port", "0"));
  }

  private static DistributorApp distributor(String kafka, int otlpPort) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers",
            kafka,
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
