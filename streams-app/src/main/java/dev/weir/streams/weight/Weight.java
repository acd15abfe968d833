package dev.weir.streams.weight;

/**
 * A weight as an unsigned integer of 128 bits, in units of 2⁻²⁰, so that what is added up does not
 * depend on the order. Reused from span to span; not thread-safe.
 */
public final class Weight {
  private static final double UNITS = 0x1p20;

  /** What a tracestate can claim at most. */
  private static final double LARGEST = 0x1p56;

  private static final int MANTISSA_BITS = 52;

  private long high;
  private long low;

  /**
   * Rounds a weight to the nearest unit. One below the smallest unit becomes that unit, so that no
   * span is lost, and one above 2⁵⁶ becomes 2⁵⁶.
   *
   * @param weight positive
   */
  public Weight set(double weight) {
    double units = Math.min(weight, LARGEST) * UNITS;
    if (units < 0x1p53) {
      low = Math.max(1, (long) Math.rint(units));
      high = 0;
    } else { // an integer already
      int shift = Math.getExponent(units) - MANTISSA_BITS;
      long mantissa =
          (Double.doubleToRawLongBits(units) & ((1L << MANTISSA_BITS) - 1)) | (1L << MANTISSA_BITS);
      low = mantissa << shift;
      high = mantissa >>> 1 >>> (63 - shift);
    }
    return this;
  }

  /** The upper 64 bits. */
  public long high() {
    return high;
  }

  /** The lower 64 bits. */
  public long low() {
    return low;
  }
}
