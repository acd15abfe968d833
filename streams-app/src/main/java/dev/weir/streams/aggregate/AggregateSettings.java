package dev.weir.streams.aggregate;

import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.series.HistogramBounds;
import java.time.Duration;
import java.util.List;

/**
 * How spans become deltas.
 *
 * @param codec encoding of the records' values
 * @param window length of a window
 * @param bound how much earlier than its predecessors a record of the same partition may be
 * @param shards how many shards label sets are spread over
 * @param spanMetrics whether span metrics are made
 * @param serviceGraph whether the service graph is made
 * @param spanMetricsBounds buckets of span latency
 * @param serviceGraphBounds buckets of the latency of edges
 * @param serviceGraphWait how long a half edge waits, in record time
 * @param serviceGraphMaxItems how many half edges of a partition may wait
 * @param peerAttributes span attributes that name the peer of a virtual node
 * @param maxLabelValueBytes longest label value; 0 is no limit
 */
public record AggregateSettings(
    SpanCodec codec,
    Duration window,
    Duration bound,
    int shards,
    boolean spanMetrics,
    boolean serviceGraph,
    HistogramBounds spanMetricsBounds,
    HistogramBounds serviceGraphBounds,
    Duration serviceGraphWait,
    int serviceGraphMaxItems,
    List<String> peerAttributes,
    int maxLabelValueBytes) {

  public AggregateSettings {
    peerAttributes = List.copyOf(peerAttributes);
  }
}
