package dev.weir.allinone.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class ReplaySettingsTest {

  @Test
  void shouldCompareWhatGoesNowhereAndElseOnlyWhenAsked() {
    assertThat(read().compare()).isTrue();
    assertThat(read("--output", "openmetrics").compare()).isFalse();
    assertThat(read("--output", "openmetrics", "--compare").compare()).isTrue();
    assertThat(read("--as", "x").outputDirectory()).hasToString("./weir-x-openmetrics");
  }

  @Test
  void shouldKnowTheSameTaskAgainWhateverIsSaidAboutPaceAndOutput() {
    assertThat(read("--rate", "5", "--output", "openmetrics").identity())
        .isEqualTo(read().identity());
    assertThat(read("--window", "5s").identity()).isNotEqualTo(read().identity());
    assertThat(read("--from", "1h").identity()).isNotEqualTo(read().identity());
  }

  @Test
  void shouldRefuseNonsense() {
    refuses("to=beginning: a replay ends at now", "--to", "beginning");
    refuses("to=snapshot:x: a replay ends at now", "--to", "snapshot:x");
    refuses("from=now: there is nothing to compute", "--from", "now");
    refuses("output=remote-write: no target", "--output", "remote-write");
    refuses("as=a b: a name has", "--as", "a b");
    refuses("rate=0: must be records per second", "--rate", "0");
    refuses("must be", "--output", "csv");
  }

  private static void refuses(String message, String... flags) {
    assertThatThrownBy(() -> read(flags))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }

  private static ReplaySettings read(String... flags) {
    return ReplaySettings.from(
        SettingsLoader.load(ReplaySettings.define(new ConfigDef()), List.of(flags), Map.of()),
        Instant.EPOCH);
  }
}
