package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** SDK → all-in-one → real Prometheus, of every version that is there. */
class AllInOneIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TRACES = 500;
  private static final String POISON = "no spans";

  @TempDir Path directory;

  static Stream<Path> prometheus() {
    if (!PrometheusServer.isAvailable()) {
      LoggerFactory.getLogger(AllInOneIT.class)
          .warn("SKIPPED: {}", PrometheusServer.HOW_TO_PROVIDE);
    }
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    return PrometheusServer.binaries();
  }

  @ParameterizedTest
  @MethodSource("prometheus")
  void shouldBringEverySpanIntoPrometheusOnce(Path binary) throws Exception {
    try (PrometheusServer prometheus =
            PrometheusServer.start(binary, directory.resolve("prometheus"));
        DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data, prometheus);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      traffic.send(TRACES / 2);
      appendPoison(weir);
      traffic.send(TRACES / 2);
      assertThat(traffic.acknowledged()).isEqualTo((long) TRACES * TestTraffic.SPANS_PER_TRACE);

      awaitValue(
          prometheus, "sum(traces_spanmetrics_calls_total)", (double) traffic.acknowledged());
      awaitValue(
          prometheus,
          "sum(traces_service_graph_request_total{client=\"shop\",server=\"cart\"})",
          TRACES);
      awaitValue(
          prometheus,
          "sum(traces_service_graph_request_total{connection_type=\"database\"})",
          TRACES);
      awaitValue(
          prometheus,
          "sum(increase(traces_spanmetrics_calls_total{service=\"shop\"}[10m])) > bool 0",
          1);
      assertThat(
              value(
                  prometheus,
                  "histogram_quantile(0.5, sum by (le) (traces_spanmetrics_latency_bucket{service=\"shop\"}))"))
          .isBetween(0.064, 0.128);
      assertThat(get(weir.httpUrl() + "/api/traces/" + traffic.someTraceId()))
          .contains("GET /cart");
      assertThat(deadLetters(weir)).containsExactly(POISON);
      assertThat(get(weir.httpUrl() + "/ready")).contains("kafka-streams");
      assertThat(get(weir.httpUrl() + "/metrics"))
          .contains("weir_complete_through_timestamp_seconds");
    }
  }

  private AllInOne start(DataDirectory data, PrometheusServer prometheus) {
    List<String> flags =
        List.of(
            "--data-dir",
            directory.resolve("weir-data").toString(),
            "--kafka-port",
            "0",
            "--http-port",
            "0",
            "--otlp-grpc-port",
            "0",
            "--otlp-http-port",
            "0",
            "--window",
            "1s",
            "--remote-write-url",
            prometheus.remoteWriteUrl());
    SettingsSource source = SettingsSource.read(Command.UP, flags, Map.of());
    return AllInOne.start(source, source.ports(), data, false);
  }

  private static void awaitValue(PrometheusServer prometheus, String promql, double expected) {
    await()
        .alias(promql)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(value(prometheus, promql)).isEqualTo(expected));
  }

  /**
   * To every partition: those records can be read by nobody, and what is behind them must be
   * counted all the same.
   */
  private static void appendPoison(AllInOne weir) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            weir.settings().kafkaClient(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("weir.spans", 1, "single-tenant", POISON)).get();
    }
  }

  private static List<String> deadLetters(AllInOne weir) {
    Map<String, Object> config = new HashMap<>(weir.settings().kafkaClient());
    config.put("isolation.level", "read_committed");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor("weir.dead-letters").stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<String> values = new ArrayList<>();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        consumer.poll(Duration.ofMillis(100)).forEach(letter -> values.add(letter.value()));
      }
      return values;
    }
  }

  private static double value(PrometheusServer prometheus, String promql) {
    return prometheus.query(promql).stream()
        .mapToDouble(PrometheusServer.Sample::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
