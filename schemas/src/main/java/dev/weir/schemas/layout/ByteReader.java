package dev.weir.schemas.layout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Every method throws {@link CorruptLayoutException} rather
 * than read beyond the end. Not thread-safe.
 */
public final class ByteReader {
  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[0];
  private int position;
  private int limit;
  private long high;

  /** Reads all of {@code bytes}, which is borrowed. */
  public ByteReader reset(byte[] bytes) {
    return reset(bytes, 0, bytes.length);
  }

  /** Reads a slice of {@code bytes}, which is borrowed. */
  public ByteReader reset(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.limit = offset + length;
    return this;
  }

  /** The bytes that positions refer to. */
  public byte[] bytes() {
    return bytes;
  }

  /** Index of the next byte. */
  public int position() {
    return position;
  }

  /** Whether there is more to read. */
  public boolean hasMore() {
    return position < limit;
  }

  /** One byte, 0 to 255. */
  public int u8() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  /** A number that {@link ByteWriter#uvarint} wrote. */
  public long uvarint() {
    if (position < limit && bytes[position] >= 0) {
      return bytes[position++];
    }
    long value = uvarint128();
    if (high != 0) {
      throw new CorruptLayoutException("number of more than 64 bits before byte " + position);
    }
    return value;
  }

  /** A number that must fit into 31 bits. */
  public int uvarint31() {
    if (position < limit && bytes[position] >= 0) {
      return bytes[position++];
    }
    return longUvarint31();
  }

  private int longUvarint31() {
    long value = uvarint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new CorruptLayoutException(
          "number "
              + Long.toUnsignedString(value)
              + " of more than 31 bits before byte "
              + position);
    }
    return (int) value;
  }

  /**
   * The low half of a number that {@link ByteWriter#uvarint128} wrote; the high half is then in
   * {@link #high}.
   */
  public long uvarint128() {
    long low = 0;
    high = 0;
    for (int shift = 0; shift < 133; shift += 7) {
      int next = u8();
      long bits = next & 0x7F;
      if (shift < 64) {
        low |= bits << shift;
        high |= shift > 57 ? bits >>> (64 - shift) : 0;
      } else {
        high |= bits << (shift - 64);
      }
      if (next < 0x80) {
        return low;
      }
    }
    throw new CorruptLayoutException("number of more than 19 bytes before byte " + position);
  }

  /** The high half of the last number read. */
  public long high() {
    return high;
  }

  /** Eight bytes, most significant first. */
  public long fixed64() {
    require(8);
    long value = (long) BIG_ENDIAN_LONG.get(bytes, position);
    position += 8;
    return value;
  }

  /** Four bytes, most significant first. */
  public int fixed32() {
    require(4);
    int value = (int) BIG_ENDIAN_INT.get(bytes, position);
    position += 4;
    return value;
  }

  /** Steps over {@code size} bytes and returns where they begin. */
  public int skip(int size) {
    require(size);
    int start = position;
    position += size;
    return start;
  }

  /** A copy of the bytes that {@link ByteWriter#prefixed} wrote. */
  public byte[] prefixed() {
    int size = uvarint31();
    int start = skip(size);
    return Arrays.copyOfRange(bytes, start, start + size);
  }

  private void require(int size) {
    if (size < 0 || limit - position < size) {
      throw new CorruptLayoutException(
          "%d bytes wanted at byte %d, %d are left".formatted(size, position, limit - position));
    }
  }
}
