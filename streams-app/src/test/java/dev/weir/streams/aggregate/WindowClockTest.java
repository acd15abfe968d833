package dev.weir.streams.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.streams.aggregate.WindowClock.Verdict;
import org.junit.jupiter.api.Test;

class WindowClockTest {
  private static final long NOW = 1_700_000_000_000L;

  private final WindowClock clock = new WindowClock(15_000, RecordTime.ofBroker());
  private final WindowClock producers = new WindowClock(15_000, RecordTime.ofProducers());

  @Test
  void shouldNotBeCompleteThroughAWindowBeforeTheBoundHasPassed() {
    clock.mark(30_999);
    assertThat(clock.openFrom()).isEqualTo(1);

    clock.mark(31_000);
    assertThat(clock.openFrom()).isEqualTo(2);
    assertThat(clock.isComplete(1)).isTrue();
    assertThat(clock.isComplete(2)).isFalse();
  }

  @Test
  void shouldNeverGoBack() {
    clock.mark(31_000);
    clock.mark(30_000);

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

  @Test
  void shouldLetALateRecordPassWithoutMovingTime() {
    clock.read(31_000);

    assertThat(clock.read(29_999)).isEqualTo(Verdict.LATE);
    assertThat(clock.read(30_000)).isEqualTo(Verdict.ON_TIME);
  }

  @Test
  void shouldBelieveTheBrokerAtOnce() {
    clock.read(NOW);

    assertThat(clock.read(NOW + 3_600_000)).isEqualTo(Verdict.ON_TIME);
    assertThat(clock.nowMillis()).isEqualTo(NOW + 3_600_000);
  }

  @Test
  void shouldTakeWhatItHasOfAWindowThatWasGivenUpForLate() {
    clock.read(NOW);
    clock.giveUpTo(NOW / 15_000 + 4);

    assertThat(clock.openFrom()).isEqualTo(NOW / 15_000 + 4);
    assertThat(clock.read(NOW + 15_000)).isEqualTo(Verdict.LATE);
    assertThat(clock.nowMillis()).isEqualTo(NOW + 15_000);
    assertThat(clock.read(NOW + 60_000)).isEqualTo(Verdict.ON_TIME);
  }

  @Test
  void shouldTakeRecordsForLateThatCameBeforeThereWasATimeButAfterWindowsWereGivenUp() {
    producers.giveUpTo(NOW / 15_000);

    assertThat(producers.read(NOW - 15_000)).isEqualTo(Verdict.LATE);
    assertThat(producers.isSettled()).isFalse();
  }

  @Test
  void shouldHaveNoTimeBeforeEnoughRecordsAgree() {
    for (int i = 1; i < WindowClock.WITNESSES; i++) {
      assertThat(producers.read(NOW + i)).isEqualTo(Verdict.ON_TIME);
      assertThat(producers.isSettled()).isFalse();
    }
    producers.read(NOW);

    assertThat(producers.nowMillis()).isEqualTo(NOW);
  }

  @Test
  void shouldBelieveAMarkAtOnce() {
    producers.mark(NOW);

    assertThat(producers.nowMillis()).isEqualTo(NOW);
  }

  @Test
  void shouldFollowAProducerThatIsAMinuteAheadButNotOneThatIsMore() {
    producers.mark(NOW);

    assertThat(producers.read(NOW + 60_001)).isEqualTo(Verdict.AHEAD);
    assertThat(producers.nowMillis()).isEqualTo(NOW);
    assertThat(producers.read(NOW + 60_000)).isEqualTo(Verdict.ON_TIME);
    assertThat(producers.nowMillis()).isEqualTo(NOW + 60_000);
  }

  @Test
  void shouldBelieveTheEarliestOfThoseThatAgree() {
    producers.mark(NOW);
    for (int i = 1; i < WindowClock.WITNESSES; i++) {
      assertThat(producers.read(NOW + 200_000 + i)).isEqualTo(Verdict.AHEAD);
    }

    assertThat(producers.read(NOW + 200_001)).isEqualTo(Verdict.ON_TIME);
    assertThat(producers.nowMillis()).isEqualTo(NOW + 200_001);
  }

  @Test
  void shouldNotTakeThoseForWitnessesThatAreMoreThanAMinuteApart() {
    producers.mark(NOW);
    for (int i = 0; i < 3 * WindowClock.WITNESSES; i++) {
      assertThat(producers.read(NOW + 200_000 + i % 2 * 60_001L)).isEqualTo(Verdict.AHEAD);
    }
    assertThat(producers.nowMillis()).isEqualTo(NOW);
  }

  @Test
  void shouldNotTakeThoseForWitnessesThatDoNotSucceedEachOther() {
    producers.mark(NOW);
    for (int i = 0; i < 3 * WindowClock.WITNESSES; i++) {
      producers.read(i % 31 == 0 ? NOW : NOW + 200_000);
    }
    assertThat(producers.nowMillis()).isEqualTo(NOW);
  }
}
