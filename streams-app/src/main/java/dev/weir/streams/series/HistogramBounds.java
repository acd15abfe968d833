package dev.weir.streams.series;

import dev.weir.schemas.otlp.ShortestDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * The buckets of a classic histogram of durations. An observation of n nanoseconds belongs to the
 * first bucket whose bound is at least n / 10⁹ as a double, which is decided here once for all n,
 * so that the hot path compares integers. Immutable.
 */
public final class HistogramBounds {
  private static final double NANOS_PER_SECOND = 1e9;

  /** What 63 bits of nanoseconds can hold, about: 285 years. */
  private static final double LARGEST_SECONDS = 9e9;

  private final double[] seconds;
  private final long[] largestNanos;
  private final List<String> texts;

  /**
   * @param seconds upper bounds, inclusive; strictly increasing, positive, at most 9·10⁹, at least
   *     one
   * @throws IllegalArgumentException if they are not
   */
  public HistogramBounds(List<Double> seconds) {
    this.seconds = seconds.stream().mapToDouble(Double::doubleValue).toArray();
    requireIncreasing(this.seconds);
    this.largestNanos =
        Arrays.stream(this.seconds).mapToLong(HistogramBounds::largestNanosWithin).toArray();
    this.texts =
        java.util.stream.Stream.concat(
                seconds.stream().map(ShortestDecimal::of), java.util.stream.Stream.of("+Inf"))
            .toList();
  }

  private static void requireIncreasing(double[] seconds) {
    double previous = 0;
    for (double bound : seconds) {
      if (!(bound > previous) || bound > LARGEST_SECONDS) {
        throw new IllegalArgumentException(
            "must be positive, at most 9e9 and strictly increasing, but %s follows %s"
                .formatted(bound, previous));
      }
      previous = bound;
    }
    if (seconds.length == 0) {
      throw new IllegalArgumentException("must have at least one bound");
    }
  }

  /**
   * The largest n for which n / 10⁹ as a double is within the bound; found by bisection, since the
   * conversion is monotonic.
   */
  private static long largestNanosWithin(double bound) {
    long low = 0;
    long high = Long.MAX_VALUE;
    while (low < high) {
      long middle = low + (high - low) / 2 + 1;
      if (middle / NANOS_PER_SECOND <= bound) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Number of buckets, the one without upper bound included. */
  public int buckets() {
    return seconds.length + 1;
  }

  /**
   * The bucket of an observation.
   *
   * @param nanos unsigned
   * @return from 0 to {@code buckets() - 1}
   */
  public int bucketOf(long nanos) {
    if (nanos < 0) { // 2⁶³ or more, read as unsigned
      return largestNanos.length;
    }
    int bucket = 0;
    while (bucket < largestNanos.length && nanos > largestNanos[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** What the label {@code le} says of each bucket. */
  public List<String> texts() {
    return texts;
  }

  /** The finite bounds in seconds. */
  public List<Double> seconds() {
    return Arrays.stream(seconds).boxed().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HistogramBounds bounds && Arrays.equals(seconds, bounds.seconds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(seconds);
  }
}
