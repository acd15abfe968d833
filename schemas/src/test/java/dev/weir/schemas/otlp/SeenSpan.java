package dev.weir.schemas.otlp;

import com.google.protobuf.ByteString;
import dev.weir.schemas.topic.SpanCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one reading shows of a span; attributes are the wanted ones, by key, as bytes. */
record SeenSpan(
    Map<String, ByteString> resource,
    Map<String, ByteString> attributes,
    ByteString traceId,
    ByteString spanId,
    ByteString traceState,
    ByteString parentSpanId,
    ByteString name,
    int kind,
    long startUnixNanos,
    long endUnixNanos,
    int statusCode,
    ByteString statusMessage) {

  /** All spans that the reader under test shows. */
  static List<SeenSpan> by(TracesDataReader reader, SpanCodec codec, byte[] value)
      throws MalformedOtlpException {
    Collector collector = new Collector();
    reader.read(codec, value, collector);
    return collector.seen;
  }

  static ByteString slice(byte[] buffer, int offset, int length) {
    return length == 0 ? ByteString.EMPTY : ByteString.copyFrom(buffer, offset, length);
  }

  static Map<String, ByteString> present(AttributeValues values) {
    Map<String, ByteString> present = new TreeMap<>();
    for (int i = 0; i < RandomMessages.KEYS.size(); i++) {
      if (values.isPresent(i)) {
        present.put(
            RandomMessages.KEYS.get(i), slice(values.buffer(), values.offset(i), values.length(i)));
      }
    }
    return present;
  }

  private static final class Collector implements SpanVisitor {
    private final AttributeValues attributes =
        new AttributeValues(new AttributeKeys(RandomMessages.KEYS));
    private final List<SeenSpan> seen = new ArrayList<>();
    private Map<String, ByteString> resource = Map.of();

    @Override
    public void resource(ResourceView view) throws MalformedOtlpException {
      view.findAttributes(attributes);
      resource = present(attributes);
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      span.findAttributes(attributes);
      byte[] buffer = span.buffer();
      seen.add(
          new SeenSpan(
              resource,
              present(attributes),
              slice(buffer, span.traceIdOffset(), span.traceIdLength()),
              slice(buffer, span.spanIdOffset(), span.spanIdLength()),
              slice(buffer, span.traceStateOffset(), span.traceStateLength()),
              slice(buffer, span.parentSpanIdOffset(), span.parentSpanIdLength()),
              slice(buffer, span.nameOffset(), span.nameLength()),
              span.kind(),
              span.startUnixNanos(),
              span.endUnixNanos(),
              span.statusCode(),
              slice(buffer, span.statusMessageOffset(), span.statusMessageLength())));
    }
  }
}
