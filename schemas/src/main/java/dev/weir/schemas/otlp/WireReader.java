package dev.weir.schemas.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor over protobuf's wire format that allocates nothing. It is as strict as protobuf-java:
 * lengths must fit into the enclosing message, varints have at most 10 bytes, field number 0 and
 * unknown wire types are faults; groups, which OTLP never had, are faults too. Not thread-safe;
 * reused from message to message.
 *
 * <p>A nested message is read by narrowing {@link #limit}: {@code int outer = reader.enter(); while
 * (reader.hasMore()) {…} reader.leave(outer);}
 */
public final class WireReader {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int LENGTH_DELIMITED = 2;
  public static final int FIXED32 = 5;

  private static final int SMALLEST_TAG = 1 << 3;
  private static final int VALID_WIRE_TYPES =
      1 << VARINT | 1 << FIXED64 | 1 << LENGTH_DELIMITED | 1 << FIXED32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] buffer = new byte[0];
  private int position;
  private int limit;

  /**
   * Starts over at {@code buffer[offset]}, with {@code length} bytes; the array is borrowed until
   * the next call.
   */
  public void reset(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.limit = offset + length;
  }

  /** The bytes that offsets refer to. */
  public byte[] buffer() {
    return buffer;
  }

  /** Index of the next byte. */
  public int position() {
    return position;
  }

  /** Index behind the last byte of the current message. */
  public int limit() {
    return limit;
  }

  /** Whether the current message goes on. */
  public boolean hasMore() {
    return position < limit;
  }

  /** The next tag: field number × 8 + wire type. */
  public int readTag() throws MalformedOtlpException {
    if (position < limit) {
      int tag = buffer[position];
      if (tag >= SMALLEST_TAG && (VALID_WIRE_TYPES >>> (tag & 7) & 1) != 0) {
        position++;
        return tag;
      }
    }
    return readLongTag();
  }

  private int readLongTag() throws MalformedOtlpException {
    int start = position;
    int tag =
        (int) readVarint(); // protobuf-java reads tags as 32 bits, too, and drops what is above
    if (tag >>> 3 == 0) {
      throw new MalformedOtlpException("field number 0", start);
    }
    if ((VALID_WIRE_TYPES >>> (tag & 7) & 1) == 0) {
      throw new MalformedOtlpException(
          "wire type " + (tag & 7) + " of field " + (tag >>> 3), start);
    }
    return tag;
  }

  /** A varint of at most 10 bytes; bits above 64 are dropped. */
  public long readVarint() throws MalformedOtlpException {
    if (position < limit) {
      byte first = buffer[position];
      if (first >= 0) {
        position++;
        return first;
      }
    }
    return readLongVarint();
  }

  private long readLongVarint() throws MalformedOtlpException {
    int start = position;
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position >= limit) {
        throw new MalformedOtlpException("message ends within a varint that begins", start);
      }
      byte next = buffer[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedOtlpException("varint longer than 10 bytes", start);
  }

  /** A length that fits into the current message. */
  public int readLength() throws MalformedOtlpException {
    int start = position;
    int length = (int) readVarint();
    if (length < 0) {
      throw new MalformedOtlpException("negative length " + length, start);
    }
    if (length > limit - position) {
      throw new MalformedOtlpException(
          "length " + length + " exceeds the " + (limit - position) + " bytes that are left",
          start);
    }
    return length;
  }

  /** Eight bytes, little endian. */
  public long readFixed64() throws MalformedOtlpException {
    require(8);
    long value = (long) LONG.get(buffer, position);
    position += 8;
    return value;
  }

  /** Four bytes, little endian. */
  public int readFixed32() throws MalformedOtlpException {
    require(4);
    int value = (int) INT.get(buffer, position);
    position += 4;
    return value;
  }

  /** Steps over the value of a field whose tag was just read. */
  public void skip(int tag) throws MalformedOtlpException {
    switch (tag & 7) {
      case VARINT -> readVarint();
      case FIXED64 -> advance(8);
      case LENGTH_DELIMITED -> skipBytes(readLength());
      case FIXED32 -> advance(4);
      default ->
          throw new MalformedOtlpException(
              "wire type " + (tag & 7) + " of field " + (tag >>> 3), position);
    }
  }

  /**
   * Steps over a run of length-delimited fields of the same number, the first of whose tags was
   * just read: most of a span is attributes that nobody asks for.
   *
   * @param tag of one byte
   */
  public void skipRun(int tag) throws MalformedOtlpException {
    do {
      skipBytes(readLength());
    } while (skipTag(tag));
  }

  /**
   * Steps over the next tag if it is this one.
   *
   * @param tag of one byte
   * @return whether it was
   */
  boolean skipTag(int tag) {
    boolean isNext = position < limit && buffer[position] == tag;
    position += isNext ? 1 : 0;
    return isNext;
  }

  /** Steps over {@code length} bytes that {@link #readLength} has promised. */
  public void skipBytes(int length) {
    position += length;
  }

  /** Goes back to {@code start} within the current message, for a second pass over it. */
  public void rewind(int start) {
    position = start;
  }

  /**
   * Reads a length and makes the message that follows the current one.
   *
   * @return what {@link #leave} wants back
   */
  public int enter() throws MalformedOtlpException {
    int length = readLength();
    int outer = limit;
    limit = position + length;
    return outer;
  }

  /** Goes on behind the current message, in the one around it. */
  public void leave(int outer) {
    position = limit;
    limit = outer;
  }

  private void advance(int bytes) throws MalformedOtlpException {
    require(bytes);
    position += bytes;
  }

  private void require(int bytes) throws MalformedOtlpException {
    if (limit - position < bytes) {
      throw new MalformedOtlpException(
          "message ends within a field of " + bytes + " bytes", position);
    }
  }
}
