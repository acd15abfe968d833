package dev.weir.schemas.otlp;

/**
 * The resource of the spans that a {@link TracesDataReader} shows. Valid until the next resource;
 * not thread-safe.
 */
public final class ResourceView {
  private static final int RESOURCE = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int ATTRIBUTE = 1 << 3 | WireReader.LENGTH_DELIMITED;

  private final AttributeIndex index = new AttributeIndex();

  /** Reads the {@code ResourceSpans} whose resource it is, to its end. */
  void read(WireReader reader) throws MalformedOtlpException {
    index.clear(reader.buffer());
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == RESOURCE) {
        int outer = reader.enter();
        readResource(reader);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
  }

  private void readResource(WireReader reader) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == ATTRIBUTE) {
        index.read(reader);
      } else {
        reader.skip(tag);
      }
    }
  }

  /** Finds the attributes that {@code into} looks for; what it found before is forgotten. */
  public void findAttributes(AttributeValues into) {
    index.find(into);
  }

  /**
   * Shows all attributes in order.
   *
   * @throws MalformedOtlpException from the visitor
   */
  public void forEachAttribute(AttributeVisitor visitor) throws MalformedOtlpException {
    index.forEach(visitor);
  }
}
