package dev.weir.streams.overrides;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.HistogramKind;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.TraceIdLabel;
import dev.weir.streams.servicegraph.EdgeSettings;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.Dimensions;
import dev.weir.streams.spanmetrics.Intrinsic;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import dev.weir.streams.weight.WeightSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that may differ by tenant.
 *
 * @param spanMetrics of which how dimensions with the same label are told and whether sizes are
 *     multiplied is the process's and no tenant's; the kind of histograms, how fine native ones are
 *     and whether there are exemplars, and how these name traces, is the same in {@code
 *     serviceGraph}
 * @param serviceGraph of which how long half edges wait, how many, which ones pair, what a side
 *     observes that was not seen, and how dimensions with the same label are told are the process's
 * @param limits of which what they count is the process's
 * @param rewrites what becomes of values of labels
 */
public record TenantSettings(
    SpanMetricsSettings spanMetrics,
    ServiceGraphSettings serviceGraph,
    HostInfoSettings hostInfo,
    SeriesLimits limits,
    RewriteSettings rewrites) {

  /** Settings that leave values of labels what they are. */
  public TenantSettings(
      SpanMetricsSettings spanMetrics,
      ServiceGraphSettings serviceGraph,
      HostInfoSettings hostInfo,
      SeriesLimits limits) {
    this(spanMetrics, serviceGraph, hostInfo, limits, RewriteSettings.NOTHING);
  }

  /**
   * Settings that say everything.
   *
   * @param process has what no tenant can say
   * @throws IllegalArgumentException if values cannot be used together; the message says which
   */
  static TenantSettings of(Overrides complete, TenantSettings process) {
    List<String> processors = complete.list(Field.PROCESSORS);
    return new TenantSettings(
        spanMetrics(complete, processors, process.spanMetrics()),
        serviceGraph(complete, processors, process.serviceGraph()),
        new HostInfoSettings(
            processors.contains(ProcessorNames.HOST_INFO), complete.list(Field.HOST_IDENTIFIERS)),
        new SeriesLimits(
            process.limits().by(),
            complete.number(Field.MAX_SERIES),
            complete.number(Field.MAX_ENTITIES)),
        new RewriteSettings(
            SpanNameMode.named(complete.text(Field.SPAN_NAMES)),
            Math.toIntExact(complete.number(Field.MAX_LABEL_VALUES))));
  }

  private static SpanMetricsSettings spanMetrics(
      Overrides complete, List<String> processors, SpanMetricsSettings process) {
    Map<String, Boolean> flags = complete.flags(Field.SPAN_INTRINSICS);
    Set<Intrinsic> intrinsics =
        Arrays.stream(Intrinsic.values())
            .filter(intrinsic -> flags.getOrDefault(intrinsic.label(), false))
            .collect(Collectors.toSet());
    SeriesSettings series =
        series(
            complete,
            ProcessorNames.spanMetrics(processors),
            new WeightSettings(
                complete.text(Field.SPAN_MULTIPLIER),
                complete.flag(Field.SPAN_TRACE_STATE),
                process.series().weights().ofSize()));
    return new SpanMetricsSettings(
        !series.selection().isEmpty(),
        new HistogramBounds(complete.list(Field.SPAN_BUCKETS)),
        new Dimensions(
            intrinsics, complete.list(Field.SPAN_DIMENSIONS), complete.list(Field.SPAN_MAPPINGS)),
        FilterPolicies.of(complete.list(Field.SPAN_FILTER)),
        new TargetInfoSettings(
            complete.flag(Field.TARGET_INFO),
            Set.copyOf(complete.<String>list(Field.TARGET_INFO_EXCLUDED)),
            complete.flag(Field.INSTANCE_LABEL)),
        process.lastDimensionDecides(),
        series);
  }

  private static ServiceGraphSettings serviceGraph(
      Overrides complete, List<String> processors, ServiceGraphSettings process) {
    SeriesSettings series =
        series(
            complete,
            ProcessorNames.serviceGraphs(processors),
            new WeightSettings(
                complete.text(Field.GRAPH_MULTIPLIER),
                complete.flag(Field.GRAPH_TRACE_STATE),
                process.series().weights().ofSize()));
    boolean requests = !series.selection().isEmpty();
    boolean info = processors.contains(ProcessorNames.CONNECTION_INFO);
    return new ServiceGraphSettings(
        requests || info,
        new HistogramBounds(complete.list(Field.GRAPH_BUCKETS)),
        process.halfEdgeWait(),
        process.room(),
        complete.list(Field.GRAPH_PEERS),
        new EdgeSettings(
            complete.list(Field.GRAPH_DIMENSIONS),
            complete.flag(Field.GRAPH_PREFIX),
            complete.flag(Field.GRAPH_VIRTUAL_NODE),
            requests,
            complete.flag(Field.GRAPH_MESSAGING),
            info,
            process.edges().zeroForUnseenSide(),
            process.edges().lastDimensionDecides()),
        FilterPolicies.of(complete.list(Field.GRAPH_FILTER)),
        process.pairing(),
        series);
  }

  private static SeriesSettings series(
      Overrides complete, MetricSelection selection, WeightSettings weights) {
    HistogramKind kind = HistogramKind.named(complete.text(Field.HISTOGRAMS));
    NativeSettings natives =
        new NativeSettings(
            complete.decimal(Field.NATIVE_FACTOR),
            Math.toIntExact(complete.number(Field.NATIVE_BUCKETS)),
            complete.duration(Field.NATIVE_RESET));
    return new SeriesSettings(
        kind.of(selection),
        kind,
        weights,
        natives,
        complete.flag(Field.EXEMPLARS),
        new TraceIdLabel(complete.text(Field.TRACE_ID_LABEL)));
  }

  /** Which metrics of a group there are; of a group that is a gauge, its only one or none. */
  public MetricSelection selection(MetricGroup group) {
    EdgeSettings edges = serviceGraph.edges();
    return switch (group) {
      case SPAN_METRICS -> spanMetrics.series().selection().onlyIf(spanMetrics.enabled());
      case TARGET_INFO ->
          MetricSelection.GAUGE.onlyIf(spanMetrics.enabled() && spanMetrics.targetInfo().enabled());
      case HOST_INFO -> MetricSelection.GAUGE.onlyIf(hostInfo.enabled());
      case SERVICE_GRAPH ->
          serviceGraph.series().selection().onlyIf(serviceGraph.enabled() && edges.requests());
      case SERVICE_GRAPH_MESSAGING ->
          selection(MetricGroup.SERVICE_GRAPH).onlyIf(edges.messagingLatency());
      case CONNECTION_INFO ->
          MetricSelection.GAUGE.onlyIf(serviceGraph.enabled() && edges.connectionInfo());
    };
  }

  /** How exemplars name their trace. */
  public TraceIdLabel traceIdLabel() {
    return spanMetrics.series().traceIdLabel();
  }

  /** The same as overrides that say everything. */
  public Overrides toOverrides() {
    Map<Field, Object> values = new EnumMap<>(Field.class);
    values.put(Field.PROCESSORS, processors());
    putHistograms(values, spanMetrics.series());
    putSpanMetrics(values);
    putServiceGraph(values);
    values.put(Field.HOST_IDENTIFIERS, hostInfo.identifiers());
    values.put(Field.MAX_SERIES, limits.maxSeries());
    values.put(Field.MAX_ENTITIES, limits.maxEntities());
    values.put(Field.MAX_LABEL_VALUES, (long) rewrites.maxValuesPerLabel());
    values.put(Field.SPAN_NAMES, rewrites.spanNames().label());
    return Overrides.of(values);
  }

  private static void putHistograms(Map<Field, Object> values, SeriesSettings series) {
    values.put(Field.HISTOGRAMS, series.kind().label());
    values.put(Field.NATIVE_FACTOR, series.natives().factor());
    values.put(Field.NATIVE_BUCKETS, (long) series.natives().maxBuckets());
    values.put(Field.NATIVE_RESET, series.natives().minReset());
    values.put(Field.EXEMPLARS, series.exemplars());
    values.put(Field.TRACE_ID_LABEL, series.traceIdLabel().name());
  }

  private List<String> processors() {
    List<String> names = new ArrayList<>();
    if (spanMetrics.enabled()) {
      names.addAll(ProcessorNames.ofSpanMetrics(spanMetrics.series().selection()));
    }
    boolean edges = serviceGraph.enabled();
    if (edges && serviceGraph.edges().requests()) {
      names.addAll(ProcessorNames.ofServiceGraphs(serviceGraph.series().selection()));
    }
    addIf(edges && serviceGraph.edges().connectionInfo(), names, ProcessorNames.CONNECTION_INFO);
    addIf(hostInfo.enabled(), names, ProcessorNames.HOST_INFO);
    return List.copyOf(names);
  }

  private static void addIf(boolean condition, List<String> names, String name) {
    if (condition) {
      names.add(name);
    }
  }

  private void putSpanMetrics(Map<Field, Object> values) {
    Map<String, Boolean> intrinsics = new TreeMap<>();
    for (Intrinsic intrinsic : Intrinsic.values()) {
      intrinsics.put(intrinsic.label(), spanMetrics.dimensions().intrinsics().contains(intrinsic));
    }
    values.put(Field.SPAN_BUCKETS, spanMetrics.bounds().seconds());
    values.put(Field.SPAN_INTRINSICS, Collections.unmodifiableMap(intrinsics));
    values.put(Field.SPAN_DIMENSIONS, spanMetrics.dimensions().attributes());
    values.put(Field.SPAN_MAPPINGS, spanMetrics.dimensions().mappings());
    values.put(Field.SPAN_FILTER, spanMetrics.filter().policies());
    values.put(Field.TARGET_INFO, spanMetrics.targetInfo().enabled());
    values.put(
        Field.TARGET_INFO_EXCLUDED, spanMetrics.targetInfo().excluded().stream().sorted().toList());
    values.put(Field.INSTANCE_LABEL, spanMetrics.targetInfo().instanceLabel());
    values.put(Field.SPAN_MULTIPLIER, spanMetrics.series().weights().attribute());
    values.put(Field.SPAN_TRACE_STATE, spanMetrics.series().weights().traceState());
  }

  private void putServiceGraph(Map<Field, Object> values) {
    EdgeSettings edges = serviceGraph.edges();
    values.put(Field.GRAPH_BUCKETS, serviceGraph.bounds().seconds());
    values.put(Field.GRAPH_DIMENSIONS, edges.dimensions());
    values.put(Field.GRAPH_PEERS, serviceGraph.peerAttributes());
    values.put(Field.GRAPH_FILTER, serviceGraph.filter().policies());
    values.put(Field.GRAPH_PREFIX, edges.clientServerPrefix());
    values.put(Field.GRAPH_VIRTUAL_NODE, edges.virtualNodeLabel());
    values.put(Field.GRAPH_MESSAGING, edges.messagingLatency());
    values.put(Field.GRAPH_MULTIPLIER, serviceGraph.series().weights().attribute());
    values.put(Field.GRAPH_TRACE_STATE, serviceGraph.series().weights().traceState());
  }
}
