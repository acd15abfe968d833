package dev.weir.ingester.querier;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Puts the parts of one trace together: spans of equal resources and scopes side by side, each span
 * once. Spans are equal if span id and kind are, as a client and a server may share an id (Zipkin).
 * For one thread.
 */
final class TraceMerge {
  private final Map<ResourceSpans, Map<ScopeSpans, ScopeSpans.Builder>> merged =
      new LinkedHashMap<>();
  private final Set<SpanKey> seen = new HashSet<>();

  void add(TracesData part) {
    part.getResourceSpansList().forEach(this::add);
  }

  TracesData trace() {
    TracesData.Builder trace = TracesData.newBuilder();
    merged.forEach(
        (resource, scopes) -> {
          ResourceSpans.Builder spans = resource.toBuilder();
          scopes.values().forEach(spans::addScopeSpans);
          trace.addResourceSpans(spans);
        });
    return trace.build();
  }

  private void add(ResourceSpans spans) {
    ResourceSpans resource = spans.toBuilder().clearScopeSpans().build();
    for (ScopeSpans scopeSpans : spans.getScopeSpansList()) {
      ScopeSpans scope = scopeSpans.toBuilder().clearSpans().build();
      for (Span span : scopeSpans.getSpansList()) {
        if (seen.add(new SpanKey(span.getSpanId(), span.getKindValue()))) {
          merged
              .computeIfAbsent(resource, any -> new LinkedHashMap<>())
              .computeIfAbsent(scope, ScopeSpans::toBuilder)
              .addSpans(span);
        }
      }
    }
  }

  private record SpanKey(ByteString id, int kind) {}
}
