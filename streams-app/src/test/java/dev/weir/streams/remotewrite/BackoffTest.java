package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(new Random(1), RequestLimits.DEFAULT);

  @Test
  void shouldDoubleUpToFiveSecondsWithJitter() {
    for (long longest = 30; longest < 20_000; longest *= 2) {
      long millis = backoff.next(Duration.ZERO).toMillis();
      assertThat(millis).isBetween(Math.min(longest, 5_000) / 2, Math.min(longest, 5_000));
    }
    backoff.reset();
    assertThat(backoff.next(Duration.ZERO)).isLessThanOrEqualTo(Duration.ofMillis(30));
  }

  @Test
  void shouldWaitAsLongAsAsked() {
    assertThat(backoff.next(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
  }
}
