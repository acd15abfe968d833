package dev.weir.allinone.demo;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the same numbers from the series that were received, as increases since a baseline, in
 * whole units: a double in a series must be exactly the one that a whole number gives.
 */
final class ReceivedTotals {
  private static final String CALLS = "traces_spanmetrics_calls_total";
  private static final String LATENCY_COUNT = "traces_spanmetrics_latency_count";
  private static final String LATENCY_SUM = "traces_spanmetrics_latency_sum";
  private static final String REQUESTS = "traces_service_graph_request_total";
  private static final String FAILED = "traces_service_graph_request_failed_total";
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<Labels, Long> baseline;
  private final SortedMap<Operation, OperationTotals> operations = new TreeMap<>();
  private final SortedMap<Edge, EdgeTotals> edges = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private ReceivedTotals(Map<Labels, Long> baseline) {
    this.baseline = baseline;
  }

  /** What each series has come to, to be taken off later; a series that is not there has 0. */
  static Map<Labels, Long> baseline(Collection<Series> all) {
    Map<Labels, Long> units = new HashMap<>();
    List<String> ignored = new ArrayList<>();
    all.stream()
        .filter(series -> isCompared(series.labels().metric()))
        .forEach(series -> units.put(series.labels(), units(series, ignored)));
    return units;
  }

  /** What was added since the baseline. */
  static ReceivedTotals since(Map<Labels, Long> baseline, Collection<Series> all) {
    ReceivedTotals received = new ReceivedTotals(baseline);
    all.stream().filter(series -> isCompared(series.labels().metric())).forEach(received::add);
    return received;
  }

  Totals totals() {
    return new Totals(operations, edges);
  }

  /** Values that no whole number gives. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  private void add(Series series) {
    Labels labels = series.labels();
    long increase = units(series, problems) - baseline.getOrDefault(labels, 0L);
    if (increase == 0) {
      return;
    }
    switch (labels.metric()) {
      case CALLS -> operation(labels, new OperationTotals(increase, 0, 0));
      case LATENCY_COUNT -> operation(labels, new OperationTotals(0, increase, 0));
      case LATENCY_SUM -> operation(labels, new OperationTotals(0, 0, increase));
      case REQUESTS -> edge(labels, new EdgeTotals(increase, 0));
      case FAILED -> edge(labels, new EdgeTotals(0, increase));
      default -> throw new IllegalStateException("not compared: " + labels.metric());
    }
  }

  private void operation(Labels labels, OperationTotals increase) {
    Operation operation =
        new Operation(
            labels.value("service"),
            labels.value("span_name"),
            labels.value("span_kind"),
            labels.value("status_code"));
    operations.merge(operation, increase, OperationTotals::plus);
  }

  private void edge(Labels labels, EdgeTotals increase) {
    Edge edge =
        new Edge(labels.value("client"), labels.value("server"), labels.value("connection_type"));
    edges.merge(edge, increase, EdgeTotals::plus);
  }

  private static boolean isCompared(String metric) {
    return switch (metric) {
      case CALLS, LATENCY_COUNT, LATENCY_SUM, REQUESTS, FAILED -> true;
      default -> false;
    };
  }

  private static long units(Series series, List<String> problems) {
    double perUnit = series.labels().metric().equals(LATENCY_SUM) ? NANOS_PER_SECOND : 1;
    long units = whole(series, series.value(), perUnit, problems);
    for (double end : series.endsBeforeResets()) {
      units += whole(series, end, perUnit, problems);
    }
    return units;
  }

  /** Below 2^51 units, which is 26 days as nanoseconds, only one whole number gives a double. */
  private static long whole(Series series, double value, double perUnit, List<String> problems) {
    double whole = Math.rint(value * perUnit);
    if (whole / perUnit != value) {
      problems.add("%s: no whole number gives %s".formatted(series.labels(), value));
    }
    return (long) whole;
  }
}
