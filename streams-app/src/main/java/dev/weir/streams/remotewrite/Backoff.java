package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Doubling pauses, each shortened at random by up to half. For one thread. */
final class Backoff {
  private final RandomGenerator random;
  private final long firstMillis;
  private final long longestMillis;
  private long millis;

  /**
   * @param limits with the shortest and the longest pause
   */
  Backoff(RandomGenerator random, RequestLimits limits) {
    this.random = random;
    this.firstMillis = limits.shortestPause().toMillis();
    this.longestMillis = limits.longestPause().toMillis();
    this.millis = firstMillis;
  }

  /** The next pause, and not less than {@code atLeast}. */
  Duration next(Duration atLeast) {
    Duration pause = Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
    millis = Math.min(2 * millis, longestMillis);
    return pause.compareTo(atLeast) < 0 ? atLeast : pause;
  }

  void reset() {
    millis = firstMillis;
  }
}
