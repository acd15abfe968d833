package dev.weir.streams.aggregate;

import dev.weir.schemas.topic.SpanCodec;
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
 * @param maxLabelValueBytes longest label value; 0 is no limit
 */
public record AggregateSettings(
    SpanCodec codec,
    Duration window,
    RecordTime time,
    int shards,
    int maxLabelValueBytes,
    SpanMetricsSettings spanMetrics,
    ServiceGraphSettings serviceGraph) {

  /** The same for records of another time. */
  public AggregateSettings at(RecordTime otherTime) {
    return new AggregateSettings(
        codec, window, otherTime, shards, maxLabelValueBytes, spanMetrics, serviceGraph);
  }
}
