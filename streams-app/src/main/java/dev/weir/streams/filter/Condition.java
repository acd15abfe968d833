package dev.weir.streams.filter;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;

/** What a rule asks of a span. */
@FunctionalInterface
interface Condition {

  /** Whether the span is like that. */
  boolean holds(SpanView span, FoundAttributes found) throws MalformedOtlpException;
}
