package dev.weir.allinone.demo;

import io.opentelemetry.api.trace.SpanKind;
import java.util.Map;

/**
 * A span to be sent.
 *
 * @param parent index of its parent in the trace's list, which is smaller than its own; {@value
 *     #NONE} for a root
 * @param startNanos since the trace's start
 * @param endNanos since the trace's start, not before {@code startNanos}
 */
record PlannedSpan(
    String service,
    String name,
    SpanKind kind,
    int parent,
    long startNanos,
    long endNanos,
    boolean failed,
    Map<String, String> attributes) {
  static final int NONE = -1;

  PlannedSpan {
    attributes = Map.copyOf(attributes);
  }
}
