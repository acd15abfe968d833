package dev.weir.streams.outbox;

import dev.weir.schemas.delta.MetricGroup;
import java.util.List;

/**
 * What the metrics of a group are called: Tempo's names, unless a setting says otherwise.
 *
 * @param counters in the order of the group's vector
 * @param histograms base names, in the order of the group's vector
 * @param buckets names of their buckets
 * @param counts names of their counts
 * @param sums names of their sums
 */
record MetricNames(
    List<String> counters,
    List<String> histograms,
    List<String> buckets,
    List<String> counts,
    List<String> sums) {
  private static final MetricNames SPAN_METRICS =
      new MetricNames(
          List.of("traces_spanmetrics_calls_total", "traces_spanmetrics_size_total"),
          List.of("traces_spanmetrics_latency"));
  private static final MetricNames TARGET_INFO =
      new MetricNames(List.of("traces_target_info"), List.of());
  private static final MetricNames SERVICE_GRAPH =
      new MetricNames(
          List.of(
              "traces_service_graph_request_total", "traces_service_graph_request_failed_total"),
          List.of(
              "traces_service_graph_request_server_seconds",
              "traces_service_graph_request_client_seconds"));
  private static final MetricNames SERVICE_GRAPH_MESSAGING =
      new MetricNames(List.of(), List.of("traces_service_graph_request_messaging_system_seconds"));
  private static final MetricNames CONNECTION_INFO =
      new MetricNames(List.of("traces_service_graph_connection_info"), List.of());

  private MetricNames(List<String> counters, List<String> histograms) {
    this(
        counters,
        histograms,
        all(histograms, "_bucket"),
        all(histograms, "_count"),
        all(histograms, "_sum"));
  }

  private static List<String> all(List<String> histograms, String suffix) {
    return histograms.stream().map(name -> name + suffix).toList();
  }

  static MetricNames of(MetricGroup group, SampleNaming naming) {
    return switch (group) {
      case SPAN_METRICS -> SPAN_METRICS;
      case TARGET_INFO -> TARGET_INFO;
      case SERVICE_GRAPH -> SERVICE_GRAPH;
      case SERVICE_GRAPH_MESSAGING -> SERVICE_GRAPH_MESSAGING;
      case CONNECTION_INFO -> CONNECTION_INFO;
      case HOST_INFO -> new MetricNames(List.of(naming.hostInfo()), List.of());
    };
  }
}
