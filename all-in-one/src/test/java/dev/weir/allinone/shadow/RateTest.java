package dev.weir.allinone.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

  @Test
  void shouldReadRecordsAndBytes() {
    assertThat(Rate.parse("rate", "")).isEqualTo(Rate.UNLIMITED);
    assertThat(Rate.parse("rate", "5000")).isEqualTo(new Rate(5000, false));
    assertThat(Rate.parse("rate", "20MB")).isEqualTo(new Rate(20_000_000, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "fast", "20 MB", "20KB", "1.5"})
  void shouldRefuseWhatIsNoRate(String text) {
    assertThatThrownBy(() -> Rate.parse("rate", text))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "rate=%s: must be records per second such as 5000, or bytes such as 20MB", text);
  }

  @Test
  void shouldTakeNoMoreAtOnceThanAboutASecondsWorth() {
    assertThat(new Rate(5, false).recordsAtOnce(100)).isEqualTo(5);
    assertThat(new Rate(5000, false).recordsAtOnce(100)).isEqualTo(100);
    assertThat(Rate.UNLIMITED.recordsAtOnce(100)).isEqualTo(100);
  }

  @Test
  void shouldLetEachWaitUntilWhatAllTookIsPaidFor() {
    Brake brake = new Brake(new Rate(10, false));
    long later = System.nanoTime() + 1_000_000_000L;
    assertThat(brake.waitFor(5, later)).isEqualTo(500_000_000);
    assertThat(brake.waitFor(5, later)).isEqualTo(1_000_000_000);
    assertThat(brake.waitFor(10, later + 5_000_000_000L)).isEqualTo(1_000_000_000);
  }
}
