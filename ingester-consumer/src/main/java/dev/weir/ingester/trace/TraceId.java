package dev.weir.ingester.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A trace's id: 16 bytes, big endian. Ids that come shorter are padded with zeros on the left.
 *
 * @param high the first 8 bytes
 * @param low the last 8 bytes
 */
public record TraceId(long high, long low) implements Comparable<TraceId> {
  /** Length of an id in bytes. */
  public static final int BYTES = 16;

  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{1,32}");
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The id in {@code buffer}; nothing if {@code length} is not from 1 to 16. */
  public static Optional<TraceId> ofBytes(byte[] buffer, int offset, int length) {
    if (length == BYTES) {
      return Optional.of(
          new TraceId((long) LONG.get(buffer, offset), (long) LONG.get(buffer, offset + 8)));
    }
    return length < 1 || length > BYTES
        ? Optional.empty()
        : Optional.of(padded(buffer, offset, length));
  }

  /** Reads 1 to 32 hexadecimal digits; nothing if {@code hex} is anything else. */
  public static Optional<TraceId> parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      return Optional.empty();
    }
    String all = "0".repeat(32 - hex.length()) + hex;
    return Optional.of(
        new TraceId(
            Long.parseUnsignedLong(all.substring(0, 16), 16),
            Long.parseUnsignedLong(all.substring(16), 16)));
  }

  /** Whether these bytes, padded, are this id. */
  public boolean matches(byte[] buffer, int offset, int length) {
    if (length == BYTES) {
      return (long) LONG.get(buffer, offset) == high && (long) LONG.get(buffer, offset + 8) == low;
    }
    return length >= 1 && length < BYTES && padded(buffer, offset, length).equals(this);
  }

  /** In the order of the ids' bytes. */
  @Override
  public int compareTo(TraceId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }

  private static TraceId padded(byte[] buffer, int offset, int length) {
    byte[] all = new byte[BYTES];
    System.arraycopy(buffer, offset, all, BYTES - length, length);
    ByteBuffer bytes = ByteBuffer.wrap(all);
    return new TraceId(bytes.getLong(), bytes.getLong());
  }
}
