package dev.weir.schemas.otlp;

/**
 * The links of one span after the other, read only as far as they are asked for. Reused; valid
 * until the span's reader goes on. An id that is absent has length 0; of one that occurs more than
 * once the last one counts, as in protobuf. Not thread-safe.
 */
public final class SpanLinks {
  private static final int TRACE_ID = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int SPAN_ID = 2 << 3 | WireReader.LENGTH_DELIMITED;

  private final WireReader reader = new WireReader();
  private int traceIdOffset;
  private int traceIdLength;
  private int spanIdOffset;
  private int spanIdLength;

  /** Goes before the first link of a span. */
  public void of(SpanView span) {
    int first = span.firstLink();
    int end = span.offset() + span.length();
    reader.reset(span.buffer(), first < 0 ? end : first, first < 0 ? 0 : end - first);
  }

  /**
   * Goes on to the next link; says whether there is one.
   *
   * @throws MalformedOtlpException if it is broken
   */
  public boolean next() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == SpanView.LINK) {
        read();
        return true;
      }
      reader.skip(tag);
    }
    return false;
  }

  private void read() throws MalformedOtlpException {
    int outer = reader.enter();
    traceIdLength = 0;
    traceIdOffset = reader.position();
    spanIdLength = 0;
    spanIdOffset = reader.position();
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == TRACE_ID) {
        traceIdLength = reader.readLength();
        traceIdOffset = reader.position();
        reader.skipBytes(traceIdLength);
      } else if (tag == SPAN_ID) {
        spanIdLength = reader.readLength();
        spanIdOffset = reader.position();
        reader.skipBytes(spanIdLength);
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outer);
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
}
