package dev.weir.schemas.layout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing array of bytes with the primitives of our layouts. Reused by {@link #truncate}; not
 * thread-safe.
 */
public final class ByteWriter {
  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Bytes from which on room for growth would cost more than copying. */
  private static final int MODERATE = 1 << 16;

  private byte[] bytes;
  private int length;

  /**
   * @param capacity bytes to begin with
   */
  public ByteWriter(int capacity) {
    this.bytes = new byte[capacity];
  }

  /**
   * The array behind it, of which the first {@link #length} bytes count; it is replaced when it
   * grows.
   */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes written. */
  public int length() {
    return length;
  }

  /** Forgets what stands behind the first {@code length} bytes. */
  public ByteWriter truncate(int length) {
    this.length = length;
    return this;
  }

  /** One byte; the upper 24 bits are dropped. */
  public ByteWriter u8(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** An unsigned number, 7 bits a byte, least significant first, at most 10 bytes. */
  public ByteWriter uvarint(long value) {
    reserve(10);
    if ((value & ~0x7FL) == 0) {
      bytes[length++] = (byte) value;
      return this;
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** An unsigned number of 128 bits in the form of {@link #uvarint}, at most 19 bytes. */
  public ByteWriter uvarint128(long high, long low) {
    long restHigh = high;
    long restLow = low;
    reserve(19);
    while (restHigh != 0) {
      bytes[length++] = (byte) (restLow | 0x80);
      restLow = restLow >>> 7 | restHigh << 57;
      restHigh >>>= 7;
    }
    return uvarint(restLow);
  }

  /** Eight bytes, most significant first, so that unsigned numbers sort as bytes do. */
  public ByteWriter fixed64(long value) {
    reserve(8);
    BIG_ENDIAN_LONG.set(bytes, length, value);
    length += 8;
    return this;
  }

  /** Four bytes, most significant first. */
  public ByteWriter fixed32(int value) {
    reserve(4);
    BIG_ENDIAN_INT.set(bytes, length, value);
    length += 4;
    return this;
  }

  /** Writes four bytes over those that stand at {@code index}. */
  public void overwrite32(int index, int value) {
    BIG_ENDIAN_INT.set(bytes, index, value);
  }

  /** Writes eight bytes over those that stand at {@code index}. */
  public void overwrite64(int index, long value) {
    BIG_ENDIAN_LONG.set(bytes, index, value);
  }

  /** Bytes as they are. */
  public ByteWriter raw(byte[] from, int offset, int size) {
    reserve(size);
    System.arraycopy(from, offset, bytes, length, size);
    length += size;
    return this;
  }

  /** Bytes behind their length. */
  public ByteWriter prefixed(byte[] from, int offset, int size) {
    return uvarint(size).raw(from, offset, size);
  }

  /** All bytes of {@code from} behind their length. */
  public ByteWriter prefixed(byte[] from) {
    return prefixed(from, 0, from.length);
  }

  /** Drops the first {@code count} bytes; what stood behind them moves to the front. */
  public void dropFront(int count) {
    System.arraycopy(bytes, count, bytes, 0, length - count);
    length -= count;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      int grown = bytes.length < MODERATE ? bytes.length * 2 : bytes.length + bytes.length / 4;
      bytes = Arrays.copyOf(bytes, Math.max(grown, length + more));
    }
  }
}
