package dev.weir.allinone.demo;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and acknowledged. A span counts when the export that carried it has succeeded, an
 * edge when all its spans count. Thread-safe.
 */
final class Books {
  private static final io.opentelemetry.api.common.AttributeKey<String> SERVICE_NAME =
      io.opentelemetry.api.common.AttributeKey.stringKey("service.name");

  private final Clock clock;
  private final SortedMap<Operation, OperationTotals> operations = new TreeMap<>();
  private final SortedMap<Edge, EdgeTotals> edges = new TreeMap<>();
  private final Map<SpanContextKey, List<OpenEdge>> openEdges = new HashMap<>();
  private long opened;
  private long acknowledged;
  private long failed;
  private long lastAcknowledgedMillis;
  private @Nullable String failureReason;

  Books(Clock clock) {
    this.clock = clock;
  }

  /**
   * Enters spans that are about to be sent, as many as the plan has, and what must come of them.
   */
  synchronized void open(TracePlan plan, List<SpanContext> spans) {
    opened += spans.size();
    for (PlannedEdge planned : plan.edges()) {
      OpenEdge edge = new OpenEdge(planned);
      for (int span : planned.spans()) {
        openEdges
            .computeIfAbsent(SpanContextKey.of(spans.get(span)), key -> new ArrayList<>(1))
            .add(edge);
      }
    }
  }

  /** An export of these spans was answered with OK. */
  synchronized void acknowledge(Collection<SpanData> spans) {
    lastAcknowledgedMillis = clock.millis();
    acknowledged += spans.size();
    for (SpanData span : spans) {
      operations.merge(
          operationOf(span),
          OperationTotals.ofSpan(span.getEndEpochNanos() - span.getStartEpochNanos()),
          OperationTotals::plus);
      take(span).forEach(this::spanArrived);
    }
  }

  /** An export of these spans was refused, or not answered: they may be in the log or not. */
  synchronized void fail(Collection<SpanData> spans, String reason) {
    failed += spans.size();
    failureReason = reason;
    spans.forEach(this::take);
  }

  synchronized Totals totals() {
    return new Totals(operations, edges);
  }

  /** Numbers for people. */
  synchronized Progress progress() {
    return new Progress(
        opened,
        acknowledged,
        failed,
        lastAcknowledgedMillis,
        Objects.requireNonNullElse(failureReason, ""));
  }

  private List<OpenEdge> take(SpanData span) {
    List<OpenEdge> edges = openEdges.remove(SpanContextKey.of(span.getSpanContext()));
    return edges == null ? List.of() : edges;
  }

  private void spanArrived(OpenEdge open) {
    open.missingSpans--;
    if (open.missingSpans == 0) {
      edges.merge(
          open.planned.edge(), EdgeTotals.ofRequest(open.planned.failed()), EdgeTotals::plus);
    }
  }

  private static Operation operationOf(SpanData span) {
    return new Operation(
        String.valueOf(span.getResource().getAttribute(SERVICE_NAME)),
        span.getName(),
        kind(span.getKind()),
        status(span.getStatus().getStatusCode()));
  }

  private static String kind(SpanKind kind) {
    return "SPAN_KIND_" + kind.name();
  }

  private static String status(StatusCode status) {
    return "STATUS_CODE_" + status.name();
  }

  /**
   * How far the traffic is.
   *
   * @param opened spans handed to the SDK
   * @param acknowledged those whose export succeeded
   * @param failed those whose export did not
   * @param lastAcknowledgedMillis when the last export succeeded, Unix milliseconds; 0 for never
   * @param failureReason why the last failed export failed; empty if none did
   */
  record Progress(
      long opened,
      long acknowledged,
      long failed,
      long lastAcknowledgedMillis,
      String failureReason) {

    /** Spans whose export has not ended. */
    long waiting() {
      return opened - acknowledged - failed;
    }
  }

  private record SpanContextKey(String traceId, String spanId) {
    static SpanContextKey of(SpanContext context) {
      return new SpanContextKey(context.getTraceId(), context.getSpanId());
    }
  }

  private static final class OpenEdge {
    private final PlannedEdge planned;
    private int missingSpans;

    OpenEdge(PlannedEdge planned) {
      this.planned = planned;
      this.missingSpans = planned.spans().size();
    }
  }
}
