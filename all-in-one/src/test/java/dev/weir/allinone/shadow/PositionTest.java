package dev.weir.allinone.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void shouldReadEveryForm() {
    assertThat(parse("beginning")).isEqualTo(new Position.Beginning());
    assertThat(parse("now")).isEqualTo(new Position.Now());
    assertThat(parse("snapshot:monday-1")).isEqualTo(new Position.OfSnapshot("monday-1"));
    assertThat(parse("2026-01-31T11:30:00Z"))
        .isEqualTo(parse("30m"))
        .isEqualTo(new Position.AtTime(NOW.minusSeconds(1800)));
    assertThat(parse("0:12,2:0"))
        .isEqualTo(new Position.AtOffsets(new TreeMap<>(Map.of(0, 12L, 2, 0L))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "end",
        "12",
        "0:",
        "0:1,",
        "0:1,0:2",
        "0:99999999999999999999",
        "yesterdayT",
        "-5m",
        "5"
      })
  void shouldRefuseWhatIsNoPlace(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("from=" + text + ": must be beginning, now, snapshot:NAME");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot:", "snapshot:../x", "snapshot:.hidden", "snapshot:a b"})
  void shouldRefuseNamesThatLeadElsewhere(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("a name has 1 to 64 letters, digits, - or _");
  }

  private static Position parse(String text) {
    return Position.parse("from", text, NOW);
  }
}
