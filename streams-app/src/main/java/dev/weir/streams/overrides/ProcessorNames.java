package dev.weir.streams.overrides;

import dev.weir.streams.series.MetricSelection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What processors are called. The name of a whole processor selects all of its metrics but
 * connection info; a longer name selects one part of them.
 */
public final class ProcessorNames {
  public static final String SPAN_METRICS = "span-metrics";
  public static final String SERVICE_GRAPHS = "service-graphs";
  public static final String CONNECTION_INFO = "service-graphs-connection-info";
  public static final String HOST_INFO = "host-info";

  private static final Parts SPANS =
      new Parts(
          SPAN_METRICS,
          List.of(
              new Counters("span-metrics-count", Set.of(0)),
              new Counters("span-metrics-size", Set.of(1))),
          "span-metrics-latency");

  private static final Parts REQUESTS =
      new Parts(
          SERVICE_GRAPHS,
          List.of(new Counters("service-graphs-request", Set.of(0, 1))),
          "service-graphs-latency");

  private static final List<String> ALL = all(SPANS, REQUESTS, CONNECTION_INFO, HOST_INFO);

  private ProcessorNames() {}

  /** All names. */
  public static List<String> all() {
    return ALL;
  }

  /** The metrics of spans that names select, without a word on the kind of histograms. */
  public static MetricSelection spanMetrics(List<String> names) {
    return SPANS.selected(names);
  }

  /** The metrics of requests that names select, without a word on the kind of histograms. */
  public static MetricSelection serviceGraphs(List<String> names) {
    return REQUESTS.selected(names);
  }

  /** The names that select these metrics of spans. */
  static List<String> ofSpanMetrics(MetricSelection selection) {
    return SPANS.names(selection);
  }

  /** The names that select these metrics of requests. */
  static List<String> ofServiceGraphs(MetricSelection selection) {
    return REQUESTS.names(selection);
  }

  static void requireKnown(String name) {
    if (!ALL.contains(name)) {
      throw new IllegalArgumentException(
          "\"%s\" is not a known processor, valid values: %s".formatted(name, ALL));
    }
  }

  private static List<String> all(Parts spans, Parts requests, String... others) {
    List<String> names = new ArrayList<>(spans.all());
    names.addAll(requests.all());
    names.addAll(List.of(others));
    return List.copyOf(names);
  }

  /** A part that is some of the counters of a group, by their index. */
  private record Counters(String name, Set<Integer> indices) {}

  /** What a processor and its parts are called. */
  private record Parts(String whole, List<Counters> counters, String histograms) {

    List<String> all() {
      List<String> names = new ArrayList<>(List.of(whole));
      counters.forEach(part -> names.add(part.name()));
      names.add(histograms);
      return names;
    }

    MetricSelection selected(List<String> names) {
      if (names.contains(whole)) {
        return MetricSelection.ALL;
      }
      Set<Integer> selected = new HashSet<>();
      for (Counters part : counters) {
        if (names.contains(part.name())) {
          selected.addAll(part.indices());
        }
      }
      return new MetricSelection(selected, names.contains(histograms));
    }

    List<String> names(MetricSelection selection) {
      List<String> names = new ArrayList<>();
      for (Counters part : counters) {
        if (selection.counters().containsAll(part.indices())) {
          names.add(part.name());
        }
      }
      if (selection.histograms()) {
        names.add(histograms);
      }
      return names.size() == counters.size() + 1 ? List.of(whole) : names;
    }
  }
}
