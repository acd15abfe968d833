package dev.weir.streams.rewrite;

import java.util.Map;

/**
 * How often labels were rewritten, or would have been. A label set counts when a task makes it,
 * which is not once for each span, but again after a restart.
 *
 * @param templated label sets whose span name fits a template, also in a dry run
 * @param limited by label, label sets in which {@code __cardinality_overflow__} took the place of a
 *     value
 */
public record RewriteCounts(long templated, Map<String, Long> limited) {
  public RewriteCounts {
    limited = Map.copyOf(limited);
  }

  /** Whether nothing was. */
  public boolean isEmpty() {
    return templated == 0 && limited.isEmpty();
  }
}
