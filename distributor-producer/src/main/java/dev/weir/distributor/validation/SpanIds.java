package dev.weir.distributor.validation;

import org.jspecify.annotations.Nullable;

/** What ids a span must have. */
public final class SpanIds {
  public static final int TRACE_ID_BYTES = 16;
  public static final int SPAN_ID_BYTES = 8;

  private SpanIds() {}

  /** The fault of a trace id, {@code null} if it has none. */
  public static @Nullable SpanFault faultOfTraceId(byte[] buffer, int offset, int length) {
    return length == TRACE_ID_BYTES && !isZero(buffer, offset, length)
        ? null
        : SpanFault.INVALID_TRACE_ID;
  }

  /** The fault of a span id, {@code null} if it has none. */
  public static @Nullable SpanFault faultOfSpanId(byte[] buffer, int offset, int length) {
    return length == SPAN_ID_BYTES && !isZero(buffer, offset, length)
        ? null
        : SpanFault.INVALID_SPAN_ID;
  }

  /**
   * The fault of a parent's span id, {@code null} if it has none; a root's may be empty or zero.
   */
  public static @Nullable SpanFault faultOfParentSpanId(int length) {
    return length == 0 || length == SPAN_ID_BYTES ? null : SpanFault.INVALID_PARENT_SPAN_ID;
  }

  /** Whether all of these bytes are zero. */
  public static boolean isZero(byte[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (buffer[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
