package dev.weir.streams.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowClockTest {
  private final WindowClock clock = new WindowClock(15_000, 1_000);

  @Test
  void shouldNotBeCompleteThroughAWindowBeforeTheBoundHasPassed() {
    clock.advance(30_999);
    assertThat(clock.openFrom()).isEqualTo(1);

    clock.advance(31_000);
    assertThat(clock.openFrom()).isEqualTo(2);
    assertThat(clock.isComplete(1)).isTrue();
    assertThat(clock.isComplete(2)).isFalse();
  }

  @Test
  void shouldNeverGoBack() {
    clock.advance(31_000);
    clock.advance(30_000);

    assertThat(clock.nowMillis()).isEqualTo(31_000);
  }

  @Test
  void shouldLetAWindowHoldItsBeginningButNotItsEnd() {
    assertThat(clock.windowOf(14_999)).isZero();
    assertThat(clock.windowOf(15_000)).isEqualTo(1);
  }

  @Test
  void shouldHaveCompletedNothingAtFirst() {
    assertThat(clock.openFrom()).isZero();
  }
}
