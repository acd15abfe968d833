package dev.weir.allinone.demo;

import java.util.List;

/**
 * Something that a service does when it is asked to.
 *
 * @param name name of its spans
 * @param own time that it spends itself, besides what it waits for
 * @param failureShare share of calls that fail by its own fault, 0 to 1
 * @param steps what it does one after the other; a step that fails and is essential ends it
 */
record Endpoint(String service, String name, Latency own, double failureShare, List<Step> steps) {

  Endpoint {
    steps = List.copyOf(steps);
  }
}
