package dev.weir.benchmarks.load;

import java.util.List;

/** What Tempo tells of itself. */
record TempoMetrics(MetricsText metrics) {
  private static final String GENERATOR = "tempo_metrics_generator_";
  private static final String RECEIVED = GENERATOR + "spans_received_total";

  /** Counters of what was left out. They are there from the start, so a missing one is renamed. */
  private static final List<String> LEFT_OUT =
      List.of(
          GENERATOR + "spans_discarded_total",
          GENERATOR + "registry_series_limited_total",
          GENERATOR + "processor_service_graphs_dropped_spans",
          "prometheus_remote_storage_samples_failed_total");

  /** The same that are there only once something was left out, or not in every version. */
  private static final List<String> LEFT_OUT_IF_THERE =
      List.of(
          GENERATOR + "metrics_generation_skipped_processor_pushes_total",
          GENERATOR + "registry_collections_failed_total",
          GENERATOR + "registry_entities_limited_total",
          GENERATOR + "registry_label_values_limited_total",
          GENERATOR + "processor_service_graphs_dropped_edges_total",
          GENERATOR + "processor_service_graphs_dropped_span_side_cache_overflow_total",
          "prometheus_remote_storage_samples_dropped_total",
          "prometheus_remote_storage_exemplars_failed_total");

  /** Spans that came in, of all tenants; what is discarded afterwards is among them. */
  long receivedSpans() {
    return (long) metrics.sum(RECEIVED);
  }

  /**
   * Returns if metrics were made of every span, as far as Tempo knows.
   *
   * @throws IllegalStateException if something was left out: a fast wrong answer is no result
   */
  void requireComplete(long spans) {
    LeftOut leftOut = new LeftOut(metrics);
    if (receivedSpans() != spans) {
      leftOut.add("%s is %,d, not %,d".formatted(RECEIVED, receivedSpans(), spans));
    }
    LEFT_OUT.forEach(name -> leftOut.addCounter(name, ""));
    LEFT_OUT_IF_THERE.forEach(name -> leftOut.addCounterIfThere(name, ""));
    leftOut.requireNothing("Tempo");
  }
}
