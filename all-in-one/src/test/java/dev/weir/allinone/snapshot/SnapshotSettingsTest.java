package dev.weir.allinone.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class SnapshotSettingsTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void shouldBeOfNowUnlessAnotherTimeIsSaid() {
    assertThat(read().at()).isEqualTo(NOW);
    assertThat(read("--at", "1m").at()).isEqualTo(NOW.minusSeconds(60));
  }

  @Test
  void shouldRefuseWhereTotalsAreNotKnownAndTimesToCome() {
    refuses("from=1h: totals are known from the beginning or from a snapshot", "--from", "1h");
    refuses("at=2026-02-01T00:00:00Z: must be now", "--at", "2026-02-01T00:00:00Z");
    refuses("at=0:5: must be now", "--at", "0:5");
    refuses("as=../x: a name has", "--as", "../x");
  }

  private static void refuses(String message, String... flags) {
    assertThatThrownBy(() -> read(flags))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(message);
  }

  private static SnapshotSettings read(String... flags) {
    return SnapshotSettings.from(
        SettingsLoader.load(SnapshotSettings.define(new ConfigDef()), List.of(flags), Map.of()),
        NOW);
  }
}
