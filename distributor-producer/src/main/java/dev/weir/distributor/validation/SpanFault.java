package dev.weir.distributor.validation;

/** Why a span cannot be accepted although its message is well formed. */
public enum SpanFault {
  INVALID_TRACE_ID("invalid_trace_id"),
  INVALID_SPAN_ID("invalid_span_id"),
  INVALID_PARENT_SPAN_ID("invalid_parent_span_id"),
  TOO_LARGE("span_too_large");

  private final String reason;

  SpanFault(String reason) {
    this.reason = reason;
  }

  /** The value of the label {@code reason} in metrics. */
  public String reason() {
    return reason;
  }

  /**
   * A sentence for the client.
   *
   * @param bytes length of the id; of the whole span if that is too large
   */
  public String describe(long bytes) {
    return switch (this) {
      case INVALID_TRACE_ID -> describeId("trace id", bytes, SpanIds.TRACE_ID_BYTES);
      case INVALID_SPAN_ID -> describeId("span id", bytes, SpanIds.SPAN_ID_BYTES);
      case INVALID_PARENT_SPAN_ID -> "parent span id has " + bytes + " bytes, must have 8 or none";
      case TOO_LARGE ->
          "span, resource and scope need " + bytes + " bytes, more than a record may have";
    };
  }

  private static String describeId(String name, long bytes, int expected) {
    return bytes == expected
        ? name + " is all zero"
        : name + " has " + bytes + " bytes, must have " + expected;
  }
}
