package dev.weir.streams.series;

import dev.weir.streams.weight.WeightSettings;

/**
 * How label sets of a group are told of.
 *
 * @param selection which metrics there are
 * @param weights how many spans a span stands for
 * @param natives how fine native histograms are, where there are any
 */
public record SeriesSettings(
    MetricSelection selection, WeightSettings weights, NativeSettings natives) {

  /** Those that Tempo has if nothing is said. */
  public static final SeriesSettings DEFAULT =
      new SeriesSettings(MetricSelection.ALL, WeightSettings.NONE, NativeSettings.DEFAULT);
}
