package dev.weir.streams.series;

import dev.weir.schemas.delta.NativeHistogram;

/**
 * The buckets of a native histogram of durations, see {@link NativeHistogram}. An observation of n
 * nanoseconds is n / 10⁹ seconds as a double. Immutable.
 */
final class ExponentialBuckets {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;

  private final int schema;

  /** The mantissas of the bounds from 1 to 2, the latter exclusive. */
  private final long[] bounds;

  ExponentialBuckets(int schema) {
    this.schema = schema;
    this.bounds = new long[1 << Math.max(0, schema)];
    for (int i = 0; i < bounds.length; i++) {
      double bound = StrictMath.pow(2, (double) i / bounds.length);
      bounds[i] = Double.doubleToRawLongBits(bound) & MANTISSA;
    }
  }

  /** The resolution at which a bucket is at most {@code factor} times as wide as the one before. */
  static int schemaOf(double factor) {
    int schema = NativeHistogram.MIN_SCHEMA;
    while (schema < NativeHistogram.MAX_SCHEMA
        && StrictMath.pow(2, Math.scalb(1.0, -schema)) > factor) {
      schema++;
    }
    return schema;
  }

  int schema() {
    return schema;
  }

  /**
   * The index of an observation's bucket.
   *
   * @param nanos unsigned, not 0
   */
  int indexOf(long nanos) {
    long bits = Double.doubleToRawLongBits(unsigned(nanos) / NANOS_PER_SECOND);
    int exponent = (int) (bits >>> MANTISSA_BITS) - Double.MAX_EXPONENT;
    int index = (exponent << Math.max(0, schema)) + firstNotBelow(bits & MANTISSA);
    return schema < 0 ? (index + (1 << -schema) - 1) >> -schema : index;
  }

  private static double unsigned(long nanos) {
    // halving rounds to odd, so that doubling gives the nearest double
    return nanos >= 0 ? nanos : ((nanos >>> 1) | (nanos & 1)) * 2.0;
  }

  private int firstNotBelow(long mantissa) {
    int low = 0;
    int high = bounds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bounds[middle] < mantissa) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
