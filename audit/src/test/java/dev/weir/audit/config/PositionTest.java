package dev.weir.audit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PositionTest {
  @Test
  void shouldReadWordsOffsetsAndTimes() {
    assertThat(Position.parse("beginning")).contains(new Position.Beginning());
    assertThat(Position.parse("end")).contains(new Position.End());
    assertThat(Position.parse("42")).contains(new Position.Offset(42));
    assertThat(Position.parse("2026-01-31T12:00:00Z"))
        .contains(new Position.Time(Instant.parse("2026-01-31T12:00:00Z")));
  }

  @Test
  void shouldReadNothingElse() {
    assertThat(Position.parse("yesterday")).isEmpty();
    assertThat(Position.parse("-1")).isEmpty();
    assertThat(Position.parse("1234567890123456789")).isEmpty();
  }
}
