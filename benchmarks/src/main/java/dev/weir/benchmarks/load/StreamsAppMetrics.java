package dev.weir.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/** What the streams-app tells of itself. */
record StreamsAppMetrics(MetricsText metrics) {
  private static final String DISCARDED = "weir_streams_spans_discarded_total";
  private static final String UNPAIRED = "weir_streams_half_edges_unpaired_total";
  private static final String GAVE_WAY = "reason=\"max_items\"";

  /**
   * Returns if every span was counted and no side of a call that waited gave way to others.
   *
   * @throws IllegalStateException if something was left out: a fast wrong answer is no result
   */
  void requireComplete() {
    List<String> problems = new ArrayList<>();
    addIfAny(DISCARDED, "", problems);
    addIfAny(UNPAIRED, GAVE_WAY, problems);
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "the streams-app has not made metrics of every span, so its time is no result: "
              + String.join("; ", problems));
    }
  }

  private void addIfAny(String name, String label, List<String> problems) {
    double sum = metrics.sum(name, label);
    if (!metrics.has(name)) {
      problems.add("%s is not told".formatted(name));
    } else if (sum != 0) {
      problems.add(
          "%s%s is %,.0f, not 0".formatted(name, label.isEmpty() ? "" : "{" + label + "}", sum));
    }
  }
}
