package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.streams.application.StreamsApp;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another's topic of spans, with its producers' time, in which Weir leaves nothing behind. */
class ReadOnlyTopicIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String SPANS = "otlp_spans";
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 40;

  @TempDir Path directory;

  @Test
  void shouldCloseWindowsByDecisionsAndMakeThemAgainInAReplay() throws Exception {
    decide(0);
  }

  @Test
  void shouldGiveUpWhatIsTooFarBehindAndMakeThatAgainInAReplay() throws Exception {
    decide(-3_600_000, "--max-hold-back", "30s");
  }

  private void decide(long firstMillis, String... flags) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        Admin admin = Admin.create(client(kafka))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(SPANS, PARTITIONS, (short) 1)
                      .configs(Map.of("message.timestamp.type", "CreateTime"))))
          .all()
          .get();
      for (int run = 0; run < 2; run++) {
        try (StreamsApp app = app(kafka, flags)) {
          app.start();
          produce(kafka, firstMillis);
          awaitFinal(app, System.currentTimeMillis());
          produce(kafka, -3_600_000); // late: their window is closed
          awaitFinal(app, System.currentTimeMillis());
        }
      }
      assertThat(records(admin, SPANS)).isEqualTo(4 * RECORDS);
      assertThat(records(admin, "weir.decisions")).isPositive();
      assertThat(replay(kafka)).isZero();
    }
  }

  private static void awaitFinal(StreamsApp app, long millis) {
    await().atMost(PATIENCE).until(() -> app.completeThrough().orElse(0) > millis);
  }

  private static void produce(EmbeddedKafka kafka, long offMillis) throws Exception {
    Span span = Span.newBuilder().setName("GET /").setEndTimeUnixNano(1).build();
    byte[] value =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteArray();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) { // one partition stays empty
        long time = System.currentTimeMillis() + offMillis;
        producer.send(new ProducerRecord<>(SPANS, i % (PARTITIONS - 1), time, null, value)).get();
      }
    }
  }

  private static long records(Admin admin, String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new java.util.HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(result -> result.offset())
        .sum();
  }

  private StreamsApp app(EmbeddedKafka kafka, String... more) {
    List<String> flags = flags(kafka, more);
    flags.addAll(
        List.of("--idle-marks", "false", "--state-dir", directory.resolve("s").toString()));
    Settings settings =
        SettingsLoader.load(StreamsSettings.define(new ConfigDef()), flags, Map.of());
    return new StreamsApp(
        StreamsSettings.from(settings), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  private static int replay(EmbeddedKafka kafka) throws InterruptedException {
    Settings settings =
        SettingsLoader.load(
            ReplaySettings.define(new ConfigDef()), flags(kafka, "--patience", "30s"), Map.of());
    return new Replay(
            ReplaySettings.from(settings, Instant.now()), Terminal.plain(System.out, System.err))
        .run();
  }

  private static List<String> flags(EmbeddedKafka kafka, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers",
                kafka.bootstrapServers(),
                "--spans-topic",
                SPANS,
                "--shards",
                "2",
                "--window",
                "1s",
                "--record-time-bound",
                "1s"));
    flags.addAll(List.of(more));
    return flags;
  }

  private static Map<String, Object> client(EmbeddedKafka kafka) {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }
}
