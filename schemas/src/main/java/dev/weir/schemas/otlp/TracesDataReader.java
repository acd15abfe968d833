package dev.weir.schemas.otlp;

import dev.weir.schemas.topic.SpanCodec;

/**
 * Walks the bytes of an OTLP {@code TracesData} (or {@code ExportTraceServiceRequest}, which is the
 * same on the wire) and shows each span without building an object for it. Follows protobuf's
 * rules: fields in any order (a resource may follow its spans), the last of a repeated singular
 * field counts, a repeated message is merged, unknown fields are skipped. Strings are not checked
 * for UTF-8. Not thread-safe.
 */
public final class TracesDataReader {
  private static final int RESOURCE_SPANS = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int SCOPE_SPANS = 2 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int SPAN = 2 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int PUSH_BYTES_TRACE = 2 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int PUSH_BYTES_SKIP_METRICS = 5 << 3 | WireReader.VARINT;

  private final WireReader reader = new WireReader();
  private final SpanView span = new SpanView();
  private final ResourceView resource = new ResourceView();

  /**
   * Reads one record's value. What the visitor was shown before an exception must not count.
   *
   * @throws MalformedOtlpException if the value is no such message
   */
  public void read(SpanCodec codec, byte[] value, SpanVisitor visitor)
      throws MalformedOtlpException {
    reader.reset(value, 0, value.length);
    if (codec == SpanCodec.OTLP) {
      readTraces(visitor);
    } else {
      readPushBytes(visitor);
    }
  }

  /**
   * Whether a value in Tempo's {@code PushBytesRequest} asks that no metrics be made of it.
   *
   * @throws MalformedOtlpException if the value is no such message
   */
  public boolean skipsMetrics(byte[] pushBytes) throws MalformedOtlpException {
    reader.reset(pushBytes, 0, pushBytes.length);
    boolean skips = false;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == PUSH_BYTES_SKIP_METRICS) {
        skips = reader.readVarint() != 0;
      } else {
        reader.skip(tag);
      }
    }
    return skips;
  }

  private void readPushBytes(SpanVisitor visitor) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == PUSH_BYTES_TRACE) {
        int outer = reader.enter();
        readTraces(visitor);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
  }

  private void readTraces(SpanVisitor visitor) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == RESOURCE_SPANS) {
        int outer = reader.enter();
        readResourceSpans(visitor);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
  }

  private void readResourceSpans(SpanVisitor visitor) throws MalformedOtlpException {
    int start = reader.position();
    resource.read(reader);
    visitor.resource(resource);
    reader.rewind(start);
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == SCOPE_SPANS) {
        int outer = reader.enter();
        readScopeSpans(visitor);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
  }

  private void readScopeSpans(SpanVisitor visitor) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == SPAN) {
        int outer = reader.enter();
        span.read(reader);
        reader.leave(outer);
        visitor.span(span);
      } else {
        reader.skip(tag);
      }
    }
  }
}
