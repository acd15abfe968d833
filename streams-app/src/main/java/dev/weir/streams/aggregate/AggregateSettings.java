package dev.weir.streams.aggregate;

import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * How spans become deltas.
 *
 * @param codec encoding of the records' values
 * @param window length of a window
 * @param time whose clock the records' times come from
 * @param maxHoldBack how long after its end a window waits for a partition that is behind; for ever
 *     if absent
 * @param shards how many shards label sets are spread over
 * @param spanMetrics those of tenants of which no version says anything
 * @param serviceGraph likewise; how long half edges wait, and how many, is the same for all
 * @param hostInfo likewise
 * @param rewrites likewise
 */
public record AggregateSettings(
    SpanCodec codec,
    Duration window,
    RecordTime time,
    Optional<Duration> maxHoldBack,
    int shards,
    LabelRules labels,
    SpanMetricsSettings spanMetrics,
    ServiceGraphSettings serviceGraph,
    HostInfoSettings hostInfo,
    RewriteSettings rewrites) {

  /** Settings that leave values of labels what they are. */
  public AggregateSettings(
      SpanCodec codec,
      Duration window,
      RecordTime time,
      Optional<Duration> maxHoldBack,
      int shards,
      LabelRules labels,
      SpanMetricsSettings spanMetrics,
      ServiceGraphSettings serviceGraph,
      HostInfoSettings hostInfo) {
    this(
        codec,
        window,
        time,
        maxHoldBack,
        shards,
        labels,
        spanMetrics,
        serviceGraph,
        hostInfo,
        RewriteSettings.NOTHING);
  }

  /** The same for records of another time. */
  public AggregateSettings at(RecordTime otherTime) {
    return with(otherTime, maxHoldBack);
  }

  /** The same, but for ever waiting for every partition. */
  public AggregateSettings withoutGivingUp() {
    return with(time, Optional.empty());
  }

  private AggregateSettings with(RecordTime otherTime, Optional<Duration> otherHoldBack) {
    return new AggregateSettings(
        codec,
        window,
        otherTime,
        otherHoldBack,
        shards,
        labels,
        spanMetrics,
        serviceGraph,
        hostInfo,
        rewrites);
  }

  /**
   * The settings of tenants of which no version says anything.
   *
   * @param limits how much of one may be active, which the first stage does not know
   */
  public TenantSettings tenants(SeriesLimits limits) {
    return new TenantSettings(spanMetrics, serviceGraph, hostInfo, limits, rewrites);
  }

  /**
   * How many partitions half edges are paired in after they were brought together by trace; 0 if
   * they are paired where they are read. The number of shards, as both are fixed for good. Whether
   * there are edges does not matter, as that differs by tenant.
   */
  public int pairingPartitions() {
    return serviceGraph.pairing().routedByTrace() ? 0 : shards;
  }
}
