package dev.weir.streams.overrideslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.overrides.VersionForm;
import dev.weir.streams.overrides.Versions;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesLogIT {
  private static final int WINDOW_MILLIS = 1_000;
  private static final Duration AHEAD = Duration.ofSeconds(60);
  private static final TenantSettings PROCESS =
      new TenantSettings(
          new SpanMetricsSettings(true, new HistogramBounds(List.of(1.0))),
          new ServiceGraphSettings(
              true, new HistogramBounds(List.of(0.1)), Duration.ofSeconds(10), 100, List.of()),
          HostInfoSettings.DISABLED,
          SeriesLimits.NONE);

  @TempDir static Path directory;

  private static EmbeddedKafka kafka;

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory, 0);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void shouldNumberVersionsOneAfterTheOtherHoweverManyPublish() {
    Map<String, Object> client = topic("many");
    try (OverridesLog reader = log(client, "many")) {
      CompletableFuture<?>[] publishers = new CompletableFuture<?>[3];
      for (int i = 0; i < publishers.length; i++) {
        String tenant = "tenant-" + i;
        publishers[i] = CompletableFuture.runAsync(() -> publishFive(client, tenant));
      }
      CompletableFuture.allOf(publishers).join();
      reader.readToEnd();

      assertThat(reader.versions().number()).isEqualTo(15);
      assertThat(reader.versions().tenants(Source.API)).hasSize(3);
    }
  }

  private void publishFive(Map<String, Object> client, String tenant) {
    try (OverridesLog log = log(client, "many")) {
      OverridesPublisher publisher = new OverridesPublisher(client, "many", log, Duration.ZERO);
      for (int i = 0; i < 5; i++) {
        publisher.publish(
            versions ->
                Optional.of(
                    OverridesVersion.api(
                        versions.number() + 1, tenant, Optional.of(PROCESS.toOverrides()))));
      }
    }
  }

  @Test
  void shouldWaitForATransactionThatHasAppendedAVersion() throws Exception {
    Map<String, Object> client = topic("open");
    Map<String, Object> transactional = new java.util.HashMap<>(client);
    transactional.put("transactional.id", "somebody");
    OverridesVersion base = OverridesVersion.base(1, PROCESS.toOverrides());
    try (OverridesLog log = log(client, "open");
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                transactional, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("open", VersionForm.write(base))).get();

      CompletableFuture<Long> number = CompletableFuture.supplyAsync(() -> log.at("a", 7).number());
      assertThat(number).isNotDone();
      producer.commitTransaction();

      assertThat(number.join()).isEqualTo(1);
    }
  }

  /** It may be one task, or who learns or publishes, that comes to it first. */
  @Test
  void shouldLetNobodyReadPastAVersionThatCannotBeRead() throws Exception {
    Map<String, Object> client = topic("later");
    byte[] ofLaterRelease = "{\"layout\": 2, \"number\": 2}".getBytes(StandardCharsets.UTF_8);
    try (OverridesLog log = log(client, "later");
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      OverridesVersion base = OverridesVersion.base(1, PROCESS.toOverrides());
      producer.send(new ProducerRecord<>("later", VersionForm.write(base))).get();
      producer.send(new ProducerRecord<>("later", ofLaterRelease)).get();

      for (int reader = 0; reader < 2; reader++) {
        assertThatThrownBy(() -> log.at("a", 7))
            .isInstanceOf(CorruptLayoutException.class)
            .hasMessageContaining("version 2 of the overrides");
      }
      assertThat(log.versions().number()).isEqualTo(1);
    }
  }

  @Test
  void shouldReadOnceForEachWindow() {
    Map<String, Object> client = topic("once");
    try (OverridesLog log = log(client, "once");
        OverridesLog other = log(client, "once")) {
      log.at("a", 7);
      new OverridesPublisher(client, "once", other, Duration.ZERO)
          .publish(versions -> Optional.of(OverridesVersion.base(1, PROCESS.toOverrides())));

      log.at("a", 7);
      assertThat(log.versions().number()).isZero();
      log.at("a", 8);
      assertThat(log.versions().number()).isEqualTo(1);
    }
  }

  @Test
  void shouldMissNoVersionForTheSakeOfASpanThatClaimsATimeFarAhead() {
    Map<String, Object> client = topic("far");
    long reachable = now.plus(AHEAD).toEpochMilli() / WINDOW_MILLIS + 1;
    try (OverridesLog log = log(client, "far");
        OverridesLog other = log(client, "far")) {
      log.at("a", 1_000_000 * reachable);
      new OverridesPublisher(client, "far", other, Duration.ZERO)
          .publish(versions -> Optional.of(OverridesVersion.base(1, PROCESS.toOverrides())));

      now = now.plusSeconds(1);
      log.at("a", reachable + 1);
      assertThat(log.versions().number()).isEqualTo(1);
    }
  }

  @Test
  void shouldComeIntoForceLaterByAsMuchAsSpansMayBeAhead() {
    Map<String, Object> client = topic("ahead");
    try (OverridesLog log = log(client, "ahead")) {
      for (Duration ahead : List.of(Duration.ZERO, AHEAD)) {
        new OverridesPublisher(client, "ahead", log, ahead)
            .publish(
                versions ->
                    Optional.of(
                        OverridesVersion.api(
                            versions.number() + 1,
                            "ahead by " + ahead,
                            Optional.of(PROCESS.toOverrides()))));
      }
      Versions versions = log.versions();

      assertThat(
              versions.newest(Source.API, "ahead by " + AHEAD).window()
                  - versions.newest(Source.API, "ahead by " + Duration.ZERO).window())
          .isBetween(AHEAD.toMillis() / WINDOW_MILLIS, AHEAD.toMillis() / WINDOW_MILLIS + 30);
    }
  }

  private static Map<String, Object> topic(String name) {
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    Topics.ensure(client, List.of(TopicContract.overrides(name)));
    return client;
  }

  private OverridesLog log(Map<String, Object> client, String topic) {
    return new OverridesLog(client, topic, new Versions(WINDOW_MILLIS, PROCESS), AHEAD, () -> now);
  }
}
