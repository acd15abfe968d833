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
 * @param lastDimensionDecides whether, as in Tempo, of two dimensions that make the same label the
 *     later one decides even about spans that do not have it, and {@code job} and {@code instance}
 *     of the target hide dimensions of these names
 * @param series how they are told of
 */
public record SpanMetricsSettings(
    boolean enabled,
    HistogramBounds bounds,
    Dimensions dimensions,
    FilterPolicies filter,
    TargetInfoSettings targetInfo,
    boolean lastDimensionDecides,
    SeriesSettings series) {

  /** Those that Tempo has if nothing is said. */
  public SpanMetricsSettings(boolean enabled, HistogramBounds bounds) {
    this(
        enabled,
        bounds,
        Dimensions.DEFAULT,
        FilterPolicies.NONE,
        TargetInfoSettings.DISABLED,
        false,
        SeriesSettings.DEFAULT);
  }

  /** What the label of a dimension is called, so that no label of Weir's own hides it. */
  String label(String key) {
    String label = Dimensions.label(key);
    boolean isTaken = targetInfo.enabled() && !lastDimensionDecides && TargetInfo.isNamed(label);
    return isTaken ? "__" + label : label;
  }
}
