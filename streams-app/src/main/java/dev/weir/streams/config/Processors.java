package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import dev.weir.streams.series.MetricSelection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * Which processors there are. The name of a whole processor selects all of its metrics; a longer
 * name selects one part of them.
 */
final class Processors {
  private static final String PROCESSORS = "processors";
  private static final String SPAN_METRICS = "span-metrics";
  private static final String SPAN_METRICS_COUNT = "span-metrics-count";
  private static final String SPAN_METRICS_LATENCY = "span-metrics-latency";
  private static final String SPAN_METRICS_SIZE = "span-metrics-size";
  private static final String SERVICE_GRAPHS = "service-graphs";
  private static final String SERVICE_GRAPHS_REQUEST = "service-graphs-request";
  private static final String SERVICE_GRAPHS_LATENCY = "service-graphs-latency";
  private static final String CONNECTION_INFO = "service-graphs-connection-info";
  private static final String HOST_INFO = "host-info";

  private Processors() {}

  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        PROCESSORS,
        ConfigDef.Type.LIST,
        List.of(SPAN_METRICS, SERVICE_GRAPHS),
        ConfigDef.ValidList.in(
            false,
            SPAN_METRICS,
            SPAN_METRICS_COUNT,
            SPAN_METRICS_LATENCY,
            SPAN_METRICS_SIZE,
            SERVICE_GRAPHS,
            SERVICE_GRAPHS_REQUEST,
            SERVICE_GRAPHS_LATENCY,
            CONNECTION_INFO,
            HOST_INFO),
        Importance.HIGH,
        "What is derived from spans: span-metrics, or some of its parts; service-graphs, or some of its parts; connection info only if it is listed.");
  }

  /** The metrics of spans; counters 0 and 1 are calls and size. */
  static MetricSelection spanMetrics(Settings settings) {
    List<String> names = settings.list(PROCESSORS);
    if (names.contains(SPAN_METRICS)) {
      return HistogramsConfig.apply(settings, MetricSelection.ALL);
    }
    Set<Integer> counters = new HashSet<>();
    if (names.contains(SPAN_METRICS_COUNT)) {
      counters.add(0);
    }
    if (names.contains(SPAN_METRICS_SIZE)) {
      counters.add(1);
    }
    return HistogramsConfig.apply(
        settings, new MetricSelection(counters, names.contains(SPAN_METRICS_LATENCY)));
  }

  /** The metrics of requests; counters 0 and 1 are all of them and the failed ones. */
  static MetricSelection serviceGraphs(Settings settings) {
    List<String> names = settings.list(PROCESSORS);
    if (names.contains(SERVICE_GRAPHS)) {
      return HistogramsConfig.apply(settings, MetricSelection.ALL);
    }
    return HistogramsConfig.apply(
        settings,
        new MetricSelection(
            names.contains(SERVICE_GRAPHS_REQUEST) ? Set.of(0, 1) : Set.of(),
            names.contains(SERVICE_GRAPHS_LATENCY)));
  }

  static boolean connectionInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(CONNECTION_INFO);
  }

  static boolean hostInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(HOST_INFO);
  }
}
