package dev.weir.allinone.demo;

import java.util.random.RandomGenerator;

/**
 * How long something takes: log-normal, as most services are, and now and then far too long.
 *
 * @param medianNanos half of all take less, slow ones aside
 * @param spread standard deviation of the logarithm
 * @param slowShare share of those that take {@value #SLOW_FACTOR} times as long, 0 to 1
 */
record Latency(long medianNanos, double spread, double slowShare) {
  private static final double SLOW_FACTOR = 8;

  /** A latency with a median in milliseconds and little else to say about it. */
  static Latency ofMillis(double median) {
    return new Latency((long) (median * 1e6), 0.35, 0.002);
  }

  /** The same median, with more calls that take too long. */
  Latency slowAt(double share) {
    return new Latency(medianNanos, spread, share);
  }

  /** One duration in nanoseconds, at least 1. */
  long sample(RandomGenerator random) {
    double nanos = medianNanos * Math.exp(spread * random.nextGaussian());
    return Math.max(1, (long) (random.nextDouble() < slowShare ? nanos * SLOW_FACTOR : nanos));
  }
}
