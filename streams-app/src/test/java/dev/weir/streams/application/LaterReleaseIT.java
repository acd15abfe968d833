package dev.weir.streams.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance of this release among those of a later one. */
class LaterReleaseIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void shouldStopAtWhatOnlyALaterReleaseUnderstandsAndNotStartAgain() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0)) {
      try (StreamsApp running = app(kafka)) {
        running.start();
        await()
            .atMost(PATIENCE)
            .until(() -> running.readiness().checks().stream().allMatch(Readiness.Check::ready));
        publishSomethingNew(kafka);

        assertSaysWhy(running);
      }
      try (StreamsApp startedAgain = app(kafka)) {
        startedAgain.start();

        assertSaysWhy(startedAgain);
      }
    }
  }

  private static void assertSaysWhy(StreamsApp app) throws Exception {
    assertThat(app.fatal().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .contains("version 2 of the overrides says what this release does not know")
        .contains("unknown field \"later\"")
        .contains("bring all instances to that release");
  }

  /** Settings are read when there is something to do with them. */
  private static void publishSomethingNew(EmbeddedKafka kafka) throws Exception {
    String version =
        """
        {"layout": 1, "number": 2, "source": "base", "tenants": {},
         "defaults": {"metrics_generator": {"later": true}}}
        """;
    byte[] span =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.newBuilder())))
            .build()
            .toByteArray();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "weir.overrides", 0, null, version.getBytes(StandardCharsets.UTF_8)))
          .get();
      producer.send(new ProducerRecord<>("weir.spans", 0, null, span)).get();
    }
  }

  private StreamsApp app(EmbeddedKafka kafka) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers=" + kafka.bootstrapServers(),
            "--state-dir=" + directory.resolve("state"),
            "--shards=1",
            "--window=1s");
    return new StreamsApp(
        StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), flags, Map.of())),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }
}
