package dev.weir.streams.spanmetrics;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;

/** Where the value of a label comes from. */
@FunctionalInterface
interface LabelSource {

  /** Appends the span's value, which may be empty; whether the span has one. */
  boolean appendTo(ByteWriter value, SpanView span) throws MalformedOtlpException;
}
