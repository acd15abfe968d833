package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.RemoteWriteRequests;
import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.kafka.EmbeddedKafka;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Settings change while spans come and processes die: no counter whose series is still there goes
 * back, nothing is counted twice or not at all, and a replay comes to the same bytes.
 */
class OverridesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int TRACES = 300;

  @TempDir Path directory;

  @Test
  void shouldChangeSettingsExactlyWhileProcessesDie() throws Exception {
    Path file = Files.writeString(directory.resolve("overrides.yaml"), "overrides: {}");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        TestDistributor distributor = TestDistributor.start(kafka.bootstrapServers())) {
      TestTraffic traffic = distributor.traffic();
      try (JavaProcess streams = streams(kafka, file, "0.05,0.5")) {
        traffic.send(TRACES);
        awaitCalls(kafka, traffic);

        Files.writeString(
            file,
            """
            overrides:
              single-tenant:
                metrics_generator:
                  processor:
                    span_metrics: {histogram_buckets: [0.01, 0.05], enable_target_info: true}
                    service_graphs: {dimensions: [db.namespace], histogram_buckets: [0.2]}
            """);
        traffic.send(TRACES);
        streams.kill();
        traffic.send(TRACES);
        streams.start();
        awaitSeries(kafka, traffic, "traces_spanmetrics_latency_bucket", "le", "0.01");

        Files.writeString(file, "overrides: {single-tenant: {nonsense: 1}}");
        traffic.send(TRACES);
        awaitCalls(kafka, traffic);
      }
      Files.writeString(
          file,
          """
          overrides:
            "*":
              metrics_generator:
                processors: [span-metrics, service-graphs, service-graphs-connection-info]
          """);
      try (JavaProcess streams = streams(kafka, file, "0.025,0.05")) {
        awaitSeries(kafka, traffic, "traces_service_graph_connection_info", "client", "shop");
        awaitSeries(kafka, traffic, "traces_spanmetrics_latency_bucket", "le", "0.025");
        awaitCalls(kafka, traffic);
        streams.kill();
      }

      assertThat(traffic.failed()).isZero();
      assertNoCounterWentBack(samples(kafka));
      assertThat(replay(kafka)).isZero();
    }
  }

  private static void awaitCalls(EmbeddedKafka kafka, TestTraffic traffic) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(calls(samples(kafka))).isEqualTo(traffic.acknowledged()));
  }

  private static void awaitSeries(
      EmbeddedKafka kafka, TestTraffic traffic, String metric, String label, String value) {
    await()
        .alias(metric)
        .atMost(PATIENCE)
        .until(
            () -> {
              traffic.send(1);
              return samples(kafka).keySet().stream()
                  .anyMatch(
                      labels ->
                          labels.metric().equals(metric) && labels.value(label).equals(value));
            });
  }

  private static long calls(Map<Labels, List<ReceivedSample>> samples) {
    return samples.entrySet().stream()
        .filter(series -> series.getKey().metric().equals("traces_spanmetrics_calls_total"))
        .mapToLong(
            series ->
                (long)
                    series.getValue().stream().mapToDouble(ReceivedSample::value).max().orElse(0))
        .sum();
  }

  private static void assertNoCounterWentBack(Map<Labels, List<ReceivedSample>> samples) {
    samples.forEach(
        (labels, series) -> {
          double last = 0;
          for (ReceivedSample sample : series) {
            boolean isEnd = sample.isStalenessMarker(); // a bucket that comes back begins anew
            if (!isEnd) {
              assertThat(sample.value()).as("%s", labels).isGreaterThanOrEqualTo(last);
            }
            last = isEnd ? 0 : sample.value();
          }
        });
  }

  /** The outbox by series, in order. */
  private static Map<Labels, List<ReceivedSample>> samples(EmbeddedKafka kafka)
      throws InvalidProtocolBufferException {
    Map<String, Object> client =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    Map<Labels, List<ReceivedSample>> samples = new java.util.HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition("weir.samples", 0), new TopicPartition("weir.samples", 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = new java.util.HashMap<>(consumer.endOffsets(partitions));
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          RemoteWriteRequests.version2(record.value())
              .forEach(
                  sample ->
                      samples
                          .computeIfAbsent(sample.labels(), labels -> new ArrayList<>())
                          .add(sample));
        }
      }
    }
    return samples;
  }

  private int replay(EmbeddedKafka kafka) throws InterruptedException {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers", kafka.bootstrapServers(),
            "--work-dir", directory.toString(),
            "--shards", "2",
            "--window", "1s",
            "--patience", "30s");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    ReplaySettings settings =
        ReplaySettings.from(
            SettingsLoader.load(ReplaySettings.define(new ConfigDef()), flags, new TreeMap<>()),
            Instant.now());
    return new Replay(settings, Terminal.plain(nowhere, nowhere)).run();
  }

  private JavaProcess streams(EmbeddedKafka kafka, Path file, String buckets) {
    return JavaProcess.streamsApp(
        directory.resolve("streams-app.log"),
        List.of(
            "--kafka-bootstrap-servers", kafka.bootstrapServers(),
            "--state-dir", directory.resolve("state").toString(),
            "--instance-id", "only",
            "--window", "1s",
            "--shards", "2",
            "--span-metrics-histogram-buckets", buckets,
            "--overrides-file", file.toString(),
            "--overrides-file-period", "200ms",
            "--http-port", "0"));
  }
}
