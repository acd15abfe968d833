package dev.weir.benchmarks.load;

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
    LeftOut leftOut = new LeftOut(metrics);
    leftOut.addCounter(DISCARDED, "");
    leftOut.addCounter(UNPAIRED, GAVE_WAY);
    leftOut.requireNothing("the streams-app");
  }
}
