package dev.weir.helm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.helm.Manifests.Node;
import dev.weir.streams.config.OverridesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The settings that the chart writes, read as the applications read them. */
class ChartSettingsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldWriteOnlySettingsThatTheAppAcceptsWhenValuesAreMinimal(SettingsOfApps app)
      throws IOException {
    Settings settings = load(Chart.minimal().render(), "weir", app);

    assertThat(settings.kafkaClient()).containsOnly(Map.entry("bootstrap.servers", "kafka:9092"));
    assertThat(settings.integer("http.port")).isEqualTo(8080);
    assertThat(settings.string("log.format")).isEqualTo("json");
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveEveryAppTheSameTopicAndBrokersWhenValuesAreFull(SettingsOfApps app)
      throws IOException {
    Settings settings = load(Chart.full().render(), "tracing", app);

    assertThat(settings.kafkaClient())
        .containsEntry("bootstrap.servers", "kafka-0.kafka:9093,kafka-1.kafka:9093")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("receive.buffer.bytes", "16777216")
        .containsEntry("sasl.jaas.config", "from weir-kafka/jaas");
    assertThat(settings.effective())
        .containsEntry("spans.topic", "traces")
        .containsEntry("spans.partitions", "64")
        .containsEntry("spans.retention", "7d")
        .containsEntry("spans.codec", "push-bytes")
        .containsEntry("multitenancy.enabled", "true")
        .containsEntry("log.level", "debug");
  }

  @Test
  void shouldTellStreamsItsTargetsShardsAndWindow() throws IOException {
    Settings settings = load(Chart.full().render(), "tracing", SettingsOfApps.STREAMS);

    assertThat(settings.list("remote.write.url"))
        .containsExactly("http://one/api/v1/write", "https://two/api/v1/write");
    assertThat(settings.effective())
        .containsEntry("remote.write.config", "/etc/weir/remote-write/targets.yaml")
        .containsEntry("shards", "64")
        .containsEntry("window", "15s");
  }

  @Test
  void shouldGiveStreamsTheSettingsByTenantInAFileThatMayChangeWithoutARestart()
      throws IOException {
    Manifests full = Chart.full().render();
    Settings settings = load(full, "tracing", SettingsOfApps.STREAMS);
    String file = full.get("ConfigMap/tracing-streams-overrides").at("data").text("overrides.yaml");
    Node mount = full.container("StatefulSet/tracing-streams").named("volumeMounts", "overrides");

    assertThat(settings.string("overrides.file"))
        .isEqualTo(mount.text("mountPath") + "/overrides.yaml");
    assertThat(mount.at("subPath").value()).as("would never change in a running pod").isNull();
    assertThat(file).contains("100000000");
    assertThat(OverridesFile.read(file).tenants()).containsOnlyKeys("checkout");
  }

  @Test
  void shouldTellTheDistributorItsPortsAndLimit() throws IOException {
    Settings settings = load(Chart.full().render(), "tracing", SettingsOfApps.DISTRIBUTOR);

    assertThat(settings.effective())
        .containsEntry("otlp.grpc.port", "4317")
        .containsEntry("otlp.http.port", "4318")
        .containsEntry("otlp.max.request.size", "8388608")
        .containsEntry("producer.compression", "zstd");
  }

  @Test
  void shouldLeaveTheLimitToTheDistributorWhenNoneIsGiven() {
    assertThat(file(Chart.minimal().render(), "weir", SettingsOfApps.DISTRIBUTOR))
        .doesNotContain("otlp.max.request.size");
  }

  @Test
  void shouldKeepTheJaasConfigurationOutOfTheConfigMap() {
    assertThat(file(Chart.full().render(), "tracing", SettingsOfApps.STREAMS))
        .doesNotContain("jaas");
  }

  private Settings load(Manifests manifests, String prefix, SettingsOfApps app) throws IOException {
    Path file = Files.writeString(directory.resolve("weir.yaml"), file(manifests, prefix, app));
    return SettingsLoader.load(
        app.definition(), List.of("--config", file.toString()), environment(manifests, app));
  }

  private static String file(Manifests manifests, String prefix, SettingsOfApps app) {
    String name = prefix.equals("weir") ? "weir-" + component(app) : prefix + "-" + component(app);
    return manifests.get("ConfigMap/" + name).at("data").text("weir.yaml");
  }

  private static String component(SettingsOfApps app) {
    return app.name().toLowerCase(Locale.ROOT);
  }

  /** The container's environment; what is in a Secret is replaced by where it comes from. */
  private static Map<String, String> environment(Manifests manifests, SettingsOfApps app) {
    Map<String, String> environment = new TreeMap<>();
    for (Node variable : container(manifests, app).items("env")) {
      Node secret = variable.at("valueFrom", "secretKeyRef");
      environment.put(
          variable.text("name"),
          secret.value() == null
              ? variable.text("value")
              : "from " + secret.text("name") + "/" + secret.text("key"));
    }
    return environment;
  }

  private static Node container(Manifests manifests, SettingsOfApps app) {
    return manifests.workloads().stream()
        .filter(workload -> workload.endsWith("-" + component(app)))
        .map(manifests::container)
        .findFirst()
        .orElseThrow();
  }
}
