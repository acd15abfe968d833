package dev.weir.ingester.trace;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;

/** The fields on the way from a request to a trace id, and how to step over the others. */
final class OtlpFields {
  /** {@code TracesData.resource_spans}, {@code Span.trace_id}: field 1, length-delimited. */
  static final int FIRST = 1 << 3 | WireReader.LENGTH_DELIMITED;

  /** {@code ResourceSpans.scope_spans}, {@code ScopeSpans.spans}: field 2, length-delimited. */
  static final int SECOND = 2 << 3 | WireReader.LENGTH_DELIMITED;

  private OtlpFields() {}

  static void skip(WireReader reader, int tag) throws MalformedOtlpException {
    if ((tag & 7) == WireReader.LENGTH_DELIMITED) {
      reader.skipBytes(reader.readLength());
    } else {
      reader.skip(tag);
    }
  }
}
