package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.series.SeriesLimits;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class LimitKeysTest {
  @Test
  void shouldLimitNothingUnlessAsked() {
    assertThat(limits()).isEqualTo(SeriesLimits.NONE);
  }

  @Test
  void shouldReadLimits() {
    assertThat(
            limits(
                "--limiter-type",
                "entity",
                "--max-active-entities",
                "5000",
                "--max-active-series",
                "200"))
        .isEqualTo(new SeriesLimits(SeriesLimits.Unit.ENTITY, 200, 5000));
  }

  @Test
  void shouldDemandRoomForOneLabelSetInEachShard() {
    assertThatThrownBy(() -> limits("--max-active-series", "191"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(
            "Invalid value 191 for configuration max.active.series: must be 0 or at least 192,"
                + " the series of one label set in each of the shards");
  }

  private static SeriesLimits limits(String... flags) {
    return StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), List.of(flags), Map.of()))
        .merge()
        .limits();
  }
}
