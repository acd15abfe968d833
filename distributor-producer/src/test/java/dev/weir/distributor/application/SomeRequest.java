package dev.weir.distributor.application;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;

/** Requests for tests. */
final class SomeRequest {
  private SomeRequest() {}

  /** Good spans of as many traces. */
  static byte[] withSpans(int count) {
    ScopeSpans.Builder spans = ScopeSpans.newBuilder();
    for (int i = 1; i <= count; i++) {
      spans.addSpans(span(i));
    }
    return of(spans);
  }

  /** One span with a name of that many bytes. */
  static byte[] withSpanOf(int bytes) {
    return of(ScopeSpans.newBuilder().addSpans(span(1).setName("x".repeat(bytes))));
  }

  /** As many good spans as asked for, and behind them one without span id. */
  static byte[] withBadSpanAfter(int count) {
    ScopeSpans.Builder spans = ScopeSpans.newBuilder();
    for (int i = 1; i <= count; i++) {
      spans.addSpans(span(i));
    }
    return of(spans.addSpans(span(count + 1).clearSpanId()));
  }

  private static Span.Builder span(int number) {
    byte[] id = ByteBuffer.allocate(16).putInt(12, number).array();
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(id))
        .setSpanId(ByteString.copyFrom(id, 8, 8))
        .setName("span " + number);
  }

  private static byte[] of(ScopeSpans.Builder spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
        .build()
        .toByteArray();
  }
}
