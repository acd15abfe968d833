package dev.weir.distributor.distribution;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an OTLP trace request: the wire type of each field, and which fields hold
 * messages. Fields beyond the known ones may have any wire type.
 */
final class OtlpMessage {
  private static final int ANY = -1;

  static final OtlpMessage REQUEST = new OtlpMessage("ExportTraceServiceRequest", 2);
  static final OtlpMessage RESOURCE_SPANS = new OtlpMessage("ResourceSpans", 2, 2, 2);
  static final OtlpMessage RESOURCE = new OtlpMessage("Resource", 2, 0, 2);
  static final OtlpMessage SCOPE_SPANS = new OtlpMessage("ScopeSpans", 2, 2, 2);
  static final OtlpMessage SCOPE = new OtlpMessage("InstrumentationScope", 2, 2, 2, 0);
  static final OtlpMessage SPAN =
      new OtlpMessage("Span", 2, 2, 2, 2, 2, 0, 1, 1, 2, 0, 2, 0, 2, 0, 2, 5);
  static final OtlpMessage EVENT = new OtlpMessage("Span.Event", 1, 2, 2, 0);
  static final OtlpMessage LINK = new OtlpMessage("Span.Link", 2, 2, 2, 2, 0, 5);
  static final OtlpMessage STATUS = new OtlpMessage("Status", ANY, 2, 0);
  static final OtlpMessage KEY_VALUE = new OtlpMessage("KeyValue", 2, 2, 0);
  static final OtlpMessage ANY_VALUE = new OtlpMessage("AnyValue", 2, 0, 0, 1, 2, 2, 2, 0);
  static final OtlpMessage ARRAY_VALUE = new OtlpMessage("ArrayValue", 2);
  static final OtlpMessage KEY_VALUE_LIST = new OtlpMessage("KeyValueList", 2);

  static {
    REQUEST.holds(1, RESOURCE_SPANS);
    RESOURCE_SPANS.holds(1, RESOURCE).holds(2, SCOPE_SPANS);
    RESOURCE.holds(1, KEY_VALUE);
    SCOPE_SPANS.holds(1, SCOPE).holds(2, SPAN);
    SCOPE.holds(3, KEY_VALUE);
    SPAN.holds(9, KEY_VALUE).holds(11, EVENT).holds(13, LINK).holds(15, STATUS);
    EVENT.holds(3, KEY_VALUE);
    LINK.holds(4, KEY_VALUE);
    KEY_VALUE.holds(2, ANY_VALUE);
    ANY_VALUE.holds(5, ARRAY_VALUE).holds(6, KEY_VALUE_LIST);
    ARRAY_VALUE.holds(1, ANY_VALUE);
    KEY_VALUE_LIST.holds(1, KEY_VALUE);
  }

  private final String title;
  private final byte[] wireTypes; // by field number - 1
  private final @Nullable OtlpMessage[] children; // likewise

  private OtlpMessage(String title, int... wireTypes) {
    this.title = title;
    this.wireTypes = new byte[wireTypes.length];
    for (int i = 0; i < wireTypes.length; i++) {
      this.wireTypes[i] = (byte) wireTypes[i];
    }
    this.children = new OtlpMessage[wireTypes.length];
  }

  private OtlpMessage holds(int field, OtlpMessage child) {
    children[field - 1] = child;
    return this;
  }

  /** What a field holds; {@code null} if it is no message or not known. */
  @Nullable OtlpMessage child(int field) {
    return field <= children.length ? children[field - 1] : null;
  }

  /**
   * Reads the next tag. A known field with a foreign wire type is a fault, since readers made by
   * others refuse it.
   */
  int readTag(WireReader reader) throws MalformedOtlpException {
    int start = reader.position();
    int tag = reader.readTag();
    int field = tag >>> 3;
    if (field <= wireTypes.length
        && wireTypes[field - 1] != (tag & 7)
        && wireTypes[field - 1] != ANY) {
      throw new MalformedOtlpException(
          "field %d of %s has wire type %d, must be %d"
              .formatted(field, title, tag & 7, wireTypes[field - 1]),
          start);
    }
    return tag;
  }
}
