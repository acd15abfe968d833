package dev.weir.schemas.otlp;

/**
 * The resource of the spans that a {@link TracesDataReader} shows. Valid until the next resource;
 * not thread-safe. One that came before is not looked into again unless somebody asks.
 */
public final class ResourceView {
  private static final int RESOURCE = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int ATTRIBUTE = 1 << 3 | WireReader.LENGTH_DELIMITED;

  /** Some thousands, of half a kilobyte each and as much again that is made of it. */
  private static final int KNOWN_BYTES = 4 * 1024 * 1024;

  private final KnownResources known = new KnownResources(KNOWN_BYTES);
  private final WireReader ofKnown = new WireReader();
  private final AttributeIndex index = new AttributeIndex();
  private int number;
  private boolean isIndexed;

  /** Reads the {@code ResourceSpans} whose resource it is, to its end. */
  void read(WireReader reader) throws MalformedOtlpException {
    int start = reader.position();
    int resources = 0;
    int offset = start;
    int length = 0;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == RESOURCE) {
        resources++;
        length = reader.readLength();
        offset = reader.position();
        reader.skipBytes(length);
      } else {
        reader.skip(tag);
      }
    }
    number = resources > 1 ? KnownResources.UNKNOWN : known.find(reader.buffer(), offset, length);
    if (number == KnownResources.UNKNOWN) {
      reader.rewind(start);
      readUnknown(reader);
      if (resources <= 1) {
        number = known.add(reader.buffer(), offset, length);
      }
    }
    isIndexed = number == KnownResources.UNKNOWN; // else what is found is in the bytes kept
  }

  /** One that nobody could ask about is broken all the same, so all of it is looked at. */
  private void readUnknown(WireReader reader) throws MalformedOtlpException {
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

  private AttributeIndex index() throws MalformedOtlpException {
    if (!isIndexed) {
      byte[] bytes = known.bytes(number);
      index.clear(bytes);
      ofKnown.reset(bytes, 0, bytes.length);
      readResource(ofKnown);
      isIndexed = true;
    }
    return index;
  }

  /**
   * Tells this resource from others of the same {@link #generation}; -1 if it is not remembered.
   */
  int number() {
    return number;
  }

  int generation() {
    return known.generation();
  }

  /** Finds the attributes that {@code into} looks for; what it found before is forgotten. */
  public void findAttributes(AttributeValues into) throws MalformedOtlpException {
    index().find(into);
  }

  /**
   * Shows all attributes in order.
   *
   * @throws MalformedOtlpException from the visitor
   */
  public void forEachAttribute(AttributeVisitor visitor) throws MalformedOtlpException {
    index().forEach(visitor);
  }
}
