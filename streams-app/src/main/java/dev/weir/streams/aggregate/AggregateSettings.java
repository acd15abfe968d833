package dev.weir.streams.aggregate;

import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.time.Duration;

/**
 * How spans become deltas.
 *
 * @param codec encoding of the records' values
 * @param window length of a window
 * @param bound how much earlier than its predecessors a record of the same partition may be
 * @param shards how many shards label sets are spread over
 * @param maxLabelValueBytes longest label value; 0 is no limit
 * @param spanMetrics those of tenants of which no version says anything
 * @param serviceGraph likewise; how long half edges wait, and how many, is the same for all
 */
public record AggregateSettings(
    SpanCodec codec,
    Duration window,
    Duration bound,
    int shards,
    int maxLabelValueBytes,
    SpanMetricsSettings spanMetrics,
    ServiceGraphSettings serviceGraph) {

  /** The settings of tenants of which no version says anything. */
  public TenantSettings tenants() {
    return new TenantSettings(spanMetrics, serviceGraph);
  }
}
