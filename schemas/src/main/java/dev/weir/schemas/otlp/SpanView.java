package dev.weir.schemas.otlp;

/**
 * One OTLP span as offsets into the bytes that hold it. Valid until the reader goes on to the next
 * span; not thread-safe. A field that is absent has length 0 or value 0; of a field that occurs
 * more than once the last one counts, as in protobuf. The content of attributes, events and links
 * is not looked at before it is asked for.
 */
public final class SpanView {
  static final int TRACE_ID = 1 << 3 | WireReader.LENGTH_DELIMITED;
  static final int SPAN_ID = 2 << 3 | WireReader.LENGTH_DELIMITED;
  static final int TRACE_STATE = 3 << 3 | WireReader.LENGTH_DELIMITED;
  static final int PARENT_SPAN_ID = 4 << 3 | WireReader.LENGTH_DELIMITED;
  static final int NAME = 5 << 3 | WireReader.LENGTH_DELIMITED;
  static final int KIND = 6 << 3 | WireReader.VARINT;
  static final int START = 7 << 3 | WireReader.FIXED64;
  static final int END = 8 << 3 | WireReader.FIXED64;
  static final int ATTRIBUTE = 9 << 3 | WireReader.LENGTH_DELIMITED;
  static final int LINK = 13 << 3 | WireReader.LENGTH_DELIMITED;
  static final int STATUS = 15 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int STATUS_MESSAGE = 2 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int STATUS_CODE = 3 << 3 | WireReader.VARINT;

  private final WireReader attributesReader = new WireReader();
  private final AttributeIndex attributes = new AttributeIndex();
  private byte[] buffer = new byte[0];
  private int offset;
  private int length;
  private int traceIdOffset;
  private int traceIdLength;
  private int spanIdOffset;
  private int spanIdLength;
  private int traceStateOffset;
  private int traceStateLength;
  private int parentSpanIdOffset;
  private int parentSpanIdLength;
  private int nameOffset;
  private int nameLength;
  private int kind;
  private long startUnixNanos;
  private long endUnixNanos;
  private int statusCode;
  private int statusMessageOffset;
  private int statusMessageLength;
  private int firstAttribute;

  /** Whether the index has all attributes of this span. */
  private boolean isIndexed;

  /** Whether to index while reading: someone has asked for attributes, so someone will again. */
  private boolean indexesAhead;

  private int firstLink;

  /** Reads the span that is the reader's current message, to its end. */
  void read(WireReader reader) throws MalformedOtlpException {
    begin(reader);
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = reader.readTag();
      switch (tag) {
        case ATTRIBUTE -> {
          if (firstAttribute < 0) {
            firstAttribute = start;
          }
          if (indexesAhead) {
            indexAhead(reader, tag);
          } else {
            reader.skipRun(tag);
          }
        }
        case LINK -> {
          if (firstLink < 0) {
            firstLink = start;
          }
          reader.skipRun(tag);
        }
        case TRACE_ID -> {
          traceIdLength = reader.readLength();
          traceIdOffset = reader.position();
          reader.skipBytes(traceIdLength);
        }
        case SPAN_ID -> {
          spanIdLength = reader.readLength();
          spanIdOffset = reader.position();
          reader.skipBytes(spanIdLength);
        }
        case TRACE_STATE -> {
          traceStateLength = reader.readLength();
          traceStateOffset = reader.position();
          reader.skipBytes(traceStateLength);
        }
        case PARENT_SPAN_ID -> {
          parentSpanIdLength = reader.readLength();
          parentSpanIdOffset = reader.position();
          reader.skipBytes(parentSpanIdLength);
        }
        case NAME -> {
          nameLength = reader.readLength();
          nameOffset = reader.position();
          reader.skipBytes(nameLength);
        }
        case KIND -> kind = (int) reader.readVarint();
        case START -> startUnixNanos = reader.readFixed64();
        case END -> endUnixNanos = reader.readFixed64();
        case STATUS -> readStatus(reader);
        default -> reader.skip(tag);
      }
    }
  }

  /** The offset of an absent field is one that a copy of 0 bytes from this buffer takes. */
  private void begin(WireReader reader) {
    buffer = reader.buffer();
    offset = reader.position();
    length = reader.limit() - offset;
    traceIdOffset = offset;
    traceIdLength = 0;
    spanIdOffset = offset;
    spanIdLength = 0;
    traceStateOffset = offset;
    traceStateLength = 0;
    parentSpanIdOffset = offset;
    parentSpanIdLength = 0;
    nameOffset = offset;
    nameLength = 0;
    kind = 0;
    startUnixNanos = 0;
    endUnixNanos = 0;
    statusCode = 0;
    statusMessageOffset = offset;
    statusMessageLength = 0;
    firstAttribute = -1;
    attributes.clear(buffer);
    isIndexed = indexesAhead;
    firstLink = -1;
  }

  private void readStatus(WireReader reader) throws MalformedOtlpException {
    int outer = reader.enter();
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == STATUS_CODE) {
        statusCode = (int) reader.readVarint();
      } else if (tag == STATUS_MESSAGE) {
        statusMessageLength = reader.readLength();
        statusMessageOffset = reader.position();
        reader.skipBytes(statusMessageLength);
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outer);
  }

  /**
   * Finds the attributes that {@code into} looks for; what it found before is forgotten.
   *
   * @throws MalformedOtlpException if an attribute is broken
   */
  public void findAttributes(AttributeValues into) throws MalformedOtlpException {
    if (!isIndexed) {
      indexAttributes();
    }
    attributes.find(into);
  }

  /**
   * Indexes a run of attributes. One in another form than usual is left for when someone asks, who
   * is then told if it is broken.
   */
  private void indexAhead(WireReader reader, int tag) throws MalformedOtlpException {
    do {
      int length = reader.readLength();
      int start = reader.position();
      isIndexed &= attributes.addPlain(start, start + length);
      reader.skipBytes(length);
    } while (reader.skipTag(tag));
  }

  private void indexAttributes() throws MalformedOtlpException {
    indexesAhead = true;
    attributes.clear(buffer);
    if (firstAttribute >= 0) {
      attributesReader.reset(buffer, firstAttribute, offset + length - firstAttribute);
      while (attributesReader.hasMore()) {
        int tag = attributesReader.readTag();
        if (tag == ATTRIBUTE) {
          attributes.read(attributesReader);
        } else {
          attributesReader.skip(tag);
        }
      }
    }
    isIndexed = true;
  }

  /** Where the first link stands, tag included; -1 if there is none. */
  int firstLink() {
    return firstLink;
  }

  /** The bytes that all offsets refer to. */
  public byte[] buffer() {
    return buffer;
  }

  /** Where the span's message begins. */
  public int offset() {
    return offset;
  }

  /** Bytes of the span's message: its encoded size. */
  public int length() {
    return length;
  }

  public int traceIdOffset() {
    return traceIdOffset;
  }

  public int traceIdLength() {
    return traceIdLength;
  }

  public int spanIdOffset() {
    return spanIdOffset;
  }

  public int spanIdLength() {
    return spanIdLength;
  }

  public int traceStateOffset() {
    return traceStateOffset;
  }

  public int traceStateLength() {
    return traceStateLength;
  }

  public int parentSpanIdOffset() {
    return parentSpanIdOffset;
  }

  public int parentSpanIdLength() {
    return parentSpanIdLength;
  }

  public int nameOffset() {
    return nameOffset;
  }

  public int nameLength() {
    return nameLength;
  }

  /** The number of the span's kind; may be one that OTLP does not define. */
  public int kind() {
    return kind;
  }

  /** Unix time in nanoseconds, unsigned. */
  public long startUnixNanos() {
    return startUnixNanos;
  }

  /** Unix time in nanoseconds, unsigned. */
  public long endUnixNanos() {
    return endUnixNanos;
  }

  /** End minus start in nanoseconds, unsigned; 0 if it ended before it began. */
  public long durationNanos() {
    return Long.compareUnsigned(startUnixNanos, endUnixNanos) >= 0
        ? 0
        : endUnixNanos - startUnixNanos;
  }

  /** The number of the status code; may be one that OTLP does not define. */
  public int statusCode() {
    return statusCode;
  }

  public int statusMessageOffset() {
    return statusMessageOffset;
  }

  public int statusMessageLength() {
    return statusMessageLength;
  }
}
