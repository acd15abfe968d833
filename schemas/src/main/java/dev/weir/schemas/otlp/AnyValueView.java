package dev.weir.schemas.otlp;

/**
 * An OTLP {@code AnyValue} by its type. Asked for another type than it has, it answers with that
 * type's default, as protobuf does. Reused from value to value; not thread-safe.
 */
public final class AnyValueView {
  private static final int STRING = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int BOOL = 2 << 3 | WireReader.VARINT;
  private static final int INT = 3 << 3 | WireReader.VARINT;
  private static final int DOUBLE = 4 << 3 | WireReader.FIXED64;
  private static final int FIRST_MEMBER = 1;
  private static final int LAST_MEMBER = 7;

  private final WireReader reader = new WireReader();
  private int stringOffset;
  private int stringLength;
  private boolean bool;
  private long integer;
  private double decimal;

  /**
   * Reads a value.
   *
   * @param offset where the {@code AnyValue} message begins
   * @throws MalformedOtlpException if it is no such message
   */
  public void read(byte[] buffer, int offset, int length) throws MalformedOtlpException {
    reader.reset(buffer, offset, length);
    clear(offset);
    while (reader.hasMore()) {
      readMember(reader.readTag());
    }
  }

  private void clear(int offset) {
    stringOffset = offset;
    stringLength = 0;
    bool = false;
    integer = 0;
    decimal = 0;
  }

  /** The last member of the oneof counts. */
  private void readMember(int tag) throws MalformedOtlpException {
    int field = tag >>> 3;
    if (field >= FIRST_MEMBER && field <= LAST_MEMBER) {
      clear(reader.position());
    }
    switch (tag) {
      case STRING -> {
        stringLength = reader.readLength();
        stringOffset = reader.position();
        reader.skipBytes(stringLength);
      }
      case BOOL -> bool = reader.readVarint() != 0;
      case INT -> integer = reader.readVarint();
      case DOUBLE -> decimal = Double.longBitsToDouble(reader.readFixed64());
      default -> reader.skip(tag);
    }
  }

  /** The bytes that hold the string. */
  public byte[] buffer() {
    return reader.buffer();
  }

  /** Where the string begins. */
  public int stringOffset() {
    return stringOffset;
  }

  /** Bytes of the string. */
  public int stringLength() {
    return stringLength;
  }

  public boolean bool() {
    return bool;
  }

  public long integer() {
    return integer;
  }

  public double decimal() {
    return decimal;
  }
}
