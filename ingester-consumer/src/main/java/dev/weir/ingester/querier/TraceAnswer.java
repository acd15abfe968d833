package dev.weir.ingester.querier;

import io.opentelemetry.proto.trace.v1.TracesData;

/**
 * What was found of a trace.
 *
 * @param trace its spans; empty if there are none
 * @param inspectedBytes that were read to find them, from memory and from the backend
 * @param unreadable records and segments that may hold further spans but are not valid
 */
public record TraceAnswer(TracesData trace, long inspectedBytes, int unreadable) {

  /** Whether there is any span. */
  public boolean isFound() {
    return trace.getResourceSpansCount() > 0;
  }
}
