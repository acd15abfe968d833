package dev.weir.streams.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Kafka Streams makes for itself loses nothing on a broker that would rather forget: deltas
 * have the times of spans, which may be old, and must not be removed before they are merged.
 */
class InternalTopicsIT {
  private static final String APPLICATION = "weir-streams";

  @TempDir Path directory;

  @Test
  void shouldKeepDeltasUntilTheyAreMergedAndStateForEver() throws Exception {
    try (EmbeddedKafka kafka =
            EmbeddedKafka.start(
                directory.resolve("kafka"),
                0,
                Map.of("log.retention.ms", "1000", "log.retention.check.interval.ms", "1000"));
        StreamsApp app = app(kafka)) {
      app.start();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> app.readiness().checks().stream().allMatch(Readiness.Check::ready));
      Map<String, Config> topics = internalTopics(kafka);

      assertThat(topics.keySet().stream().filter(name -> name.endsWith("-repartition"))).hasSize(3);
      assertThat(topics.keySet().stream().filter(name -> name.endsWith("-changelog"))).hasSize(3);
      topics.forEach(
          (name, config) -> {
            boolean isChangelog = name.endsWith("-changelog");
            assertThat(config.get("cleanup.policy").value())
                .as(name)
                .isEqualTo(isChangelog ? "compact" : "delete");
            assertThat(config.get("message.timestamp.type").value())
                .as(name)
                .isEqualTo("CreateTime");
            if (!isChangelog) {
              assertThat(config.get("retention.ms").value()).as(name).isEqualTo("-1");
              assertThat(config.get("retention.bytes").value()).as(name).isEqualTo("-1");
            }
          });
    }
  }

  private static Map<String, Config> internalTopics(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      List<ConfigResource> resources =
          admin.listTopics().names().get().stream()
              .filter(name -> name.startsWith(APPLICATION + "-"))
              .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
              .toList();
      Map<String, Config> topics = new TreeMap<>();
      admin
          .describeConfigs(resources)
          .all()
          .get()
          .forEach((resource, config) -> topics.put(resource.name(), config));
      return topics;
    }
  }

  private StreamsApp app(EmbeddedKafka kafka) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers=" + kafka.bootstrapServers(),
            "--application-id=" + APPLICATION,
            "--state-dir=" + directory.resolve("state"),
            "--spans-routed-by-trace=false",
            "--shards=2");
    return new StreamsApp(
        StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), flags, Map.of())),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }
}
