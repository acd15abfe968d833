package dev.weir.streams.spanmetrics;

import dev.weir.streams.series.HistogramBounds;

/**
 * How spans become span metrics.
 *
 * @param enabled whether they do at all
 * @param bounds buckets of latency
 */
public record SpanMetricsSettings(boolean enabled, HistogramBounds bounds) {}
