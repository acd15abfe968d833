package dev.weir.allinone.demo;

import java.util.List;

/**
 * One trace of the shop, with the edges that must come of it.
 *
 * @param spans parents before their children
 */
record TracePlan(List<PlannedSpan> spans, List<PlannedEdge> edges) {

  TracePlan {
    spans = List.copyOf(spans);
    edges = List.copyOf(edges);
  }

  /** From the start of the first span to the end of the last. */
  long durationNanos() {
    return spans.stream().mapToLong(PlannedSpan::endNanos).max().orElse(0);
  }
}
