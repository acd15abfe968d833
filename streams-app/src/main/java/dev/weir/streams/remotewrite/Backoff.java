package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Doubling pauses, from 30 ms to 5 s, each shortened at random by up to half. For one thread. */
final class Backoff {
  private static final long FIRST_MILLIS = 30;
  private static final long LONGEST_MILLIS = 5_000;

  private final RandomGenerator random;
  private long millis = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next pause, and not less than {@code atLeast}. */
  Duration next(Duration atLeast) {
    Duration pause = Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
    millis = Math.min(2 * millis, LONGEST_MILLIS);
    return pause.compareTo(atLeast) < 0 ? atLeast : pause;
  }

  void reset() {
    millis = FIRST_MILLIS;
  }
}
