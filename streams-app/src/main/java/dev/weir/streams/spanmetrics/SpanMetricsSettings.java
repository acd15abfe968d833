package dev.weir.streams.spanmetrics;

import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesSettings;

/**
 * How spans become span metrics.
 *
 * @param enabled whether they do at all
 * @param bounds buckets of latency
 * @param dimensions by what spans are told apart
 * @param filter which spans are counted at all
 * @param targetInfo whether they say what process a span came from
 * @param series how they are told of
 */
public record SpanMetricsSettings(
    boolean enabled,
    HistogramBounds bounds,
    Dimensions dimensions,
    FilterPolicies filter,
    TargetInfoSettings targetInfo,
    SeriesSettings series) {

  /** Told of as usual. */
  public SpanMetricsSettings(
      boolean enabled,
      HistogramBounds bounds,
      Dimensions dimensions,
      FilterPolicies filter,
      TargetInfoSettings targetInfo) {
    this(enabled, bounds, dimensions, filter, targetInfo, SeriesSettings.DEFAULT);
  }

  /** Those that Tempo has if nothing is said. */
  public SpanMetricsSettings(boolean enabled, HistogramBounds bounds) {
    this(enabled, bounds, Dimensions.DEFAULT, FilterPolicies.NONE, TargetInfoSettings.DISABLED);
  }
}
