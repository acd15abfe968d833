package dev.weir.schemas.otlp;

/** Gets what {@link TracesDataReader} meets, in the order of the message. */
public interface SpanVisitor {

  /**
   * The resource of the spans that follow; called once for each {@code ResourceSpans}, also for one
   * without a resource or without spans.
   *
   * @param resource valid until the next resource
   * @throws MalformedOtlpException if something in it that is needed is broken
   */
  void resource(ResourceView resource) throws MalformedOtlpException;

  /**
   * One span of that resource.
   *
   * @param span valid during the call
   * @throws MalformedOtlpException if something in it that is needed is broken
   */
  void span(SpanView span) throws MalformedOtlpException;
}
