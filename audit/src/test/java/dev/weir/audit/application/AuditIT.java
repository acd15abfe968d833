package dev.weir.audit.application;

import static dev.weir.testing.SpanFixtures.aTrace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.audit.config.AuditSettings;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.topic.IdleMark;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.application.StreamsApp;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The books of the real streams app, with all that can be in a log. */
class AuditIT {
  private static final int RECORDS = 60;

  @TempDir Path directory;
  private final List<String> lines = new ArrayList<>();

  @Test
  void shouldBalanceUntilTheLedgerIsTamperedWith() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        StreamsApp app = app(kafka);
        KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      app.start();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> app.readiness().checks().stream().allMatch(check -> check.ready()));
      for (int i = 0; i < RECORDS; i++) {
        send(producer, i);
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> audit(kafka) == 0 && told("a", RECORDS / 5 * 2) && told("b", RECORDS / 5 * 2));
      assertThat(lines)
          .anyMatch(line -> line.contains("records cannot be read and are in the dead letters"));

      assertThat(audit(kafka, "--from", "5", "--to", "20", "--json")).isZero();
      JsonNode json = new ObjectMapper().readTree(lines.get(0));
      assertThat(json.at("/equal").asBoolean()).isTrue();
      assertThat(json.at("/partitions/0/from").asLong()).isEqualTo(5);
      assertThat(json.at("/partitions/0/to").asLong()).isEqualTo(20);

      deleteBefore(kafka, 10);
      assertThat(audit(kafka)).isZero();
      assertThat(lines)
          .anyMatch(line -> line.contains("partition 0: offsets 0 to 9 are no longer in the log"));

      LedgerEntry invented =
          LedgerEntry.newBuilder()
              .setTenant("a")
              .setFirstOffset(10)
              .setLastOffset(10)
              .setRecords(1)
              .setSpansReceived(1)
              .setSpansCounted(1)
              .build();
      producer
          .send(new ProducerRecord<>("weir.ledger", 0, utf8("a"), invented.toByteArray()))
          .get();
      assertThat(audit(kafka)).isEqualTo(1);
      assertThat(lines).anyMatch(line -> line.contains("is not behind the one before it"));
    }
  }

  @Test
  void shouldKnowWhatIsLateOrAheadByTheProducersTime() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        StreamsApp app = app(kafka, "--max-hold-back", "30s");
        KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      createWithProducersTime(kafka);
      app.start();
      for (int i = 0; i < 4 * RECORDS; i++) {
        producer
            .send(new ProducerRecord<>("weir.spans", i % 2, time(i), utf8("a"), trace(i)))
            .get();
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> audit(kafka) == 0 && told("a", 4 * RECORDS));
      assertThat(lines).noneMatch(line -> line.contains(" 0 late") || line.contains(" 0 ahead"));
    }
  }

  /** The first ones are so old that they are given up; later ones lie, in both directions. */
  private static long time(int number) {
    long now = System.currentTimeMillis();
    if (number < 2 * RECORDS) {
      return now - 3_600_000;
    }
    return switch (number % 7) {
      case 0 -> now + 3_600_000;
      case 1 -> now - 7_200_000;
      default -> now;
    };
  }

  private static void createWithProducersTime(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("weir.spans", 2, (short) 1)
                      .configs(Map.of("message.timestamp.type", "CreateTime"))))
          .all()
          .get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** All of a tenant's spans are in the books. */
  private boolean told(String tenant, int records) {
    return lines.stream()
        .anyMatch(
            line ->
                line.startsWith("tenant %s: equal, ".formatted(tenant))
                    && line.contains(" spans in %d records".formatted(records)));
  }

  /** Of five records, two are of tenant a, two of b, and one is poison, empty or a mark. */
  private static void send(KafkaProducer<byte[], byte[]> producer, int number) throws Exception {
    int partition = number % 2;
    byte[] value = trace(number);
    ProducerRecord<byte[], byte[]> record =
        switch (number % 5) {
          case 0, 1 -> new ProducerRecord<>("weir.spans", partition, utf8("a"), value);
          case 2, 3 -> new ProducerRecord<>("weir.spans", partition, utf8("b"), value);
          default -> odd(partition, number / 5 % 3);
        };
    producer.send(record).get();
  }

  private static byte[] trace(int number) {
    return aTrace()
        .numbered(number)
        .enteringAt("shop")
        .calling("shop", "cart")
        .callingDatabase("cart", "postgresql", "carts")
        .toBytes();
  }

  private static ProducerRecord<byte[], byte[]> odd(int partition, int kind) {
    return switch (kind) {
      case 0 -> new ProducerRecord<>("weir.spans", partition, utf8("a"), utf8("no spans"));
      case 1 -> new ProducerRecord<>("weir.spans", partition, utf8("a"), new byte[0]);
      default -> IdleMark.forPartition("weir.spans", partition, utf8("a"));
    };
  }

  /** As retention does. */
  private static void deleteBefore(EmbeddedKafka kafka, long offset) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition("weir.spans", 0), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  private int audit(EmbeddedKafka kafka, String... more) throws InterruptedException {
    lines.clear();
    List<String> flags = new ArrayList<>(List.of(more));
    flags.addAll(
        List.of(
            "--kafka-bootstrap-servers",
            kafka.bootstrapServers(),
            "--multitenancy-enabled",
            "--window",
            "1s"));
    return new Audit(
            AuditSettings.from(
                SettingsLoader.load(AuditSettings.define(new ConfigDef()), flags, Map.of())),
            lines::add,
            progress -> {})
        .run();
  }

  private StreamsApp app(EmbeddedKafka kafka, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.addAll(
        List.of(
            "--kafka-bootstrap-servers",
            kafka.bootstrapServers(),
            "--multitenancy-enabled",
            "--spans-partitions",
            "2",
            "--shards",
            "2",
            "--window",
            "1s",
            "--state-dir",
            directory.resolve("state").toString()));
    return new StreamsApp(
        StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), flags, Map.of())),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
