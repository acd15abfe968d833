package dev.weir.allinone.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanSettingsTest {
  @TempDir Path directory;

  @Test
  void shouldTakeNewSettingsFromOneFileAndPresentOnesFromTheOther() throws Exception {
    String planned = file("new.yaml", "stale.after: 5m\n");
    String present = file("now.properties", "stale.after=30m\n");
    PlanSettings plan =
        load("--window", "10s", "--config", planned, "--present", present, "--shards=2");
    assertThat(plan.planned().live().merge().staleAfterWindows()).isEqualTo(30);
    assertThat(plan.present().live().merge().staleAfterWindows()).isEqualTo(180);
    assertThat(load("--config=" + planned).present().live().merge().staleAfterWindows())
        .isEqualTo(60);
  }

  @Test
  void shouldRefuseToCompareNothingOrDifferentTopics() throws Exception {
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("say the new settings with --config FILE");
    String elsewhere = file("new.yaml", "spans.topic: other\n");
    assertThatThrownBy(() -> load("--config", elsewhere))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("both settings must read the same topic");
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private PlanSettings load(String... flags) {
    return PlanSettings.load(
        PlanSettings.define(new ConfigDef()), List.of(flags), Map.of(), Instant.EPOCH);
  }
}
