package dev.weir.allinone.demo;

import java.util.List;

/**
 * A request that the service graph must show.
 *
 * @param failed whether either side fails
 * @param spans indexes of the spans that it is made of, in the trace's list
 */
record PlannedEdge(Edge edge, boolean failed, List<Integer> spans) {

  PlannedEdge {
    spans = List.copyOf(spans);
  }
}
