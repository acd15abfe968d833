package dev.weir.streams.aggregate;

import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.time.Duration;

/**
 * How spans become deltas.
 *
 * @param codec encoding of the records' values
 * @param window length of a window
 * @param time whose clock the records' times come from
 * @param shards how many shards label sets are spread over
 */
public record AggregateSettings(
    SpanCodec codec,
    Duration window,
    RecordTime time,
    int shards,
    LabelRules labels,
    SpanMetricsSettings spanMetrics,
    ServiceGraphSettings serviceGraph,
    HostInfoSettings hostInfo) {

  /** The same for records of another time. */
  public AggregateSettings at(RecordTime otherTime) {
    return new AggregateSettings(
        codec, window, otherTime, shards, labels, spanMetrics, serviceGraph, hostInfo);
  }

  /**
   * How many partitions half edges are paired in after they were brought together by trace; 0 if
   * they are paired where they are read. The number of shards, as both are fixed for good.
   */
  public int pairingPartitions() {
    return serviceGraph.enabled() && !serviceGraph.pairing().routedByTrace() ? shards : 0;
  }
}
