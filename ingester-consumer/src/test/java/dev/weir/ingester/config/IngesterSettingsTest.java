package dev.weir.ingester.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.topics.GroupMembership;
import dev.weir.ingester.livetraces.CutPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class IngesterSettingsTest {
  @Test
  void shouldHaveDefaults() {
    IngesterSettings settings = load();
    assertThat(settings)
        .isEqualTo(
            new IngesterSettings(
                settings.topic(),
                "weir-ingester",
                new GroupMembership("", Duration.ofSeconds(15)),
                new CutPolicy(Duration.ofSeconds(30), 64L << 20),
                256L << 20,
                64L << 20,
                Duration.ofDays(2),
                Duration.ofSeconds(20),
                Path.of("./weir-traces")));
  }

  @Test
  void shouldReadEverySetting() {
    IngesterSettings settings =
        load(
            "--ingester-group-id=g",
            "--instance-id=i",
            "--session-timeout=7s",
            "--ingester-segment-max-age=5s",
            "--ingester-segment-max-size=2048",
            "--ingester-live-max-size=4096",
            "--ingester-filter-cache-size=1",
            "--ingester-retention=7d",
            "--ingester-shutdown-timeout=3s",
            "--backend=local",
            "--backend-local-path=/data");
    assertThat(settings)
        .isEqualTo(
            new IngesterSettings(
                settings.topic(),
                "g",
                new GroupMembership("i", Duration.ofSeconds(7)),
                new CutPolicy(Duration.ofSeconds(5), 2048),
                4096,
                1,
                Duration.ofDays(7),
                Duration.ofSeconds(3),
                Path.of("/data")));
  }

  @Test
  void shouldRefuseWhatCannotWork() {
    assertThatThrownBy(() -> load("--backend=s3"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("backend")
        .hasMessageContaining("s3");
    assertThatThrownBy(() -> load("--ingester-live-max-size=2048"))
        .hasMessageContaining("ingester.segment.max.size=67108864 must not be larger than")
        .hasMessageContaining("ingester.live.max.size=2048");
  }

  private static IngesterSettings load(String... flags) {
    return IngesterSettings.from(
        SettingsLoader.load(IngesterSettings.define(new ConfigDef()), List.of(flags), Map.of()));
  }
}
