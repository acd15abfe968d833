package dev.weir.schemas.topic;

/** How the value of a record of spans is encoded. */
public enum SpanCodec {
  /**
   * An OTLP {@code TracesData}: what Weir writes by default, and the Collector's {@code
   * otlp_proto}.
   */
  OTLP,

  /**
   * Tempo's {@code PushBytesRequest}: traces one by one (field 2), their ids (3), and a flag to
   * make no metrics of them (5).
   */
  PUSH_BYTES;

  /** The codec that is called {@code otlp} or {@code push-bytes} in settings. */
  public static SpanCodec named(String name) {
    return switch (name) {
      case "otlp" -> OTLP;
      case "push-bytes" -> PUSH_BYTES;
      default -> throw new IllegalArgumentException("no span codec is called " + name);
    };
  }
}
