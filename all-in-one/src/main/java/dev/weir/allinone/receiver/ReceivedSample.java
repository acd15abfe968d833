package dev.weir.allinone.receiver;

/**
 * One sample as it came over the wire.
 *
 * @param timestampMillis Unix milliseconds
 */
public record ReceivedSample(Labels labels, double value, long timestampMillis) {
  private static final long STALENESS_MARKER = 0x7ff0000000000002L;

  /** Whether it says that the series has ended, instead of a value. */
  public boolean isStalenessMarker() {
    return Double.doubleToRawLongBits(value) == STALENESS_MARKER;
  }
}
