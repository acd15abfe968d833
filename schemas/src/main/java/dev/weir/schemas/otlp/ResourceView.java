package dev.weir.schemas.otlp;

import java.util.List;

/**
 * The resource of the spans that a {@link TracesDataReader} shows, for those who want more of it
 * than the attributes that all readers look for. Every question is a pass over its bytes. Valid
 * until the next resource; not thread-safe.
 */
public final class ResourceView {
  private static final int RESOURCE = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int ATTRIBUTE = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int KEY = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int VALUE = 2 << 3 | WireReader.LENGTH_DELIMITED;

  private final WireReader reader = new WireReader();
  private byte[] buffer = new byte[0];
  private int offset;
  private int length;

  // made once, so that no question allocates
  private final AttributeReader toValues = this::findAttribute;
  private final AttributeReader toVisitor = this::showAttribute;
  private AttributeValues values = new AttributeValues(new AttributeKeys(List.of()));
  private AttributeVisitor visitor = (bytes, key, keyLength, value, valueLength) -> {};

  /** What {@code ResourceSpans} it is the resource of. */
  void reset(byte[] resourceSpans, int from, int size) {
    buffer = resourceSpans;
    offset = from;
    length = size;
  }

  /**
   * Finds the attributes that {@code into} looks for; what it found before is forgotten.
   *
   * @throws MalformedOtlpException if an attribute is broken
   */
  public void findAttributes(AttributeValues into) throws MalformedOtlpException {
    into.clear(buffer);
    values = into;
    read(toValues);
  }

  /**
   * Shows all attributes in order.
   *
   * @throws MalformedOtlpException if an attribute is broken, or from the visitor
   */
  public void forEachAttribute(AttributeVisitor visitor) throws MalformedOtlpException {
    this.visitor = visitor;
    read(toVisitor);
  }

  private void read(AttributeReader attribute) throws MalformedOtlpException {
    reader.reset(buffer, offset, length);
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == RESOURCE) {
        int outer = reader.enter();
        readResource(attribute);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
  }

  private void readResource(AttributeReader attribute) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == ATTRIBUTE) {
        attribute.read();
      } else {
        reader.skip(tag);
      }
    }
  }

  private void findAttribute() throws MalformedOtlpException {
    values.read(reader);
  }

  private void showAttribute() throws MalformedOtlpException {
    int keyOffset = reader.position();
    int keyLength = 0;
    int valueOffset = keyOffset;
    int valueLength = 0;
    int outer = reader.enter();
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == KEY) {
        keyLength = reader.readLength();
        keyOffset = reader.position();
        reader.skipBytes(keyLength);
      } else if (tag == VALUE) {
        valueLength = reader.readLength();
        valueOffset = reader.position();
        reader.skipBytes(valueLength);
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outer);
    visitor.attribute(buffer, keyOffset, keyLength, valueOffset, valueLength);
  }

  /** Reads the attribute that the reader stands before. */
  private interface AttributeReader {
    void read() throws MalformedOtlpException;
  }
}
