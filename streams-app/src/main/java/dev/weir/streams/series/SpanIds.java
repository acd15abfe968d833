package dev.weir.streams.series;

import dev.weir.schemas.delta.Exemplars;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What tells a span as an exemplar: its ids as numbers, and its end. Reused from span to span; not
 * thread-safe.
 */
public final class SpanIds {
  private static final int MAX_TRACE_ID = 16;
  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private long traceHigh;
  private long traceLow;
  private long span;
  private long endUnixNanos;

  /**
   * Takes over a span's ids. A trace id that is shorter than 16 bytes gets zeros in front; with one
   * that is longer there is no exemplar, as with one of zeros only. A span id of another length
   * than 8 bytes counts as none.
   */
  public SpanIds set(
      byte[] buffer, int traceOffset, int traceLength, int spanOffset, int spanLength, long end) {
    int lower = Math.min(traceLength, Long.BYTES);
    boolean isTooLong = traceLength > MAX_TRACE_ID;
    traceHigh = isTooLong ? 0 : number(buffer, traceOffset, traceLength - lower);
    traceLow = isTooLong ? 0 : number(buffer, traceOffset + traceLength - lower, lower);
    span = spanLength == Long.BYTES ? number(buffer, spanOffset, spanLength) : 0;
    endUnixNanos = end;
    return this;
  }

  private static long number(byte[] buffer, int offset, int length) {
    if (length == Long.BYTES) {
      return (long) BIG_ENDIAN_LONG.get(buffer, offset);
    }
    long number = 0;
    for (int i = offset; i < offset + length; i++) {
      number = (number << Byte.SIZE) | (buffer[i] & 0xFF);
    }
    return number;
  }

  /** Whether there is a trace to point to. */
  boolean isPresent() {
    return (traceHigh | traceLow) != 0;
  }

  /** What decides which span is the exemplar. */
  long hash() {
    return Exemplars.hash(traceHigh, traceLow, span);
  }

  long traceHigh() {
    return traceHigh;
  }

  long traceLow() {
    return traceLow;
  }

  long span() {
    return span;
  }

  /** Unix milliseconds. */
  long endMillis() {
    return Long.divideUnsigned(endUnixNanos, NANOS_PER_MILLI);
  }

  /** Puts it where {@link #restore} finds it. */
  public void store(long[] into, int at) {
    into[at] = traceHigh;
    into[at + 1] = traceLow;
    into[at + 2] = span;
    into[at + 3] = endUnixNanos;
  }

  /** Takes over what {@link #store} put there. */
  public SpanIds restore(long[] from, int at) {
    traceHigh = from[at];
    traceLow = from[at + 1];
    span = from[at + 2];
    endUnixNanos = from[at + 3];
    return this;
  }

  /** How many numbers it is. */
  public static final int STORED = 4;
}
