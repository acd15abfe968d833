package dev.weir.streams.series;

import dev.weir.streams.weight.WeightSettings;

/**
 * How label sets of a group are told of.
 *
 * @param selection which metrics there are
 * @param kind of which kind its histograms are, or would be
 * @param weights how many spans a span stands for
 * @param natives how fine native histograms are, where there are any
 * @param exemplars whether histograms have exemplars
 * @param traceIdLabel how those name their trace
 */
public record SeriesSettings(
    MetricSelection selection,
    HistogramKind kind,
    WeightSettings weights,
    NativeSettings natives,
    boolean exemplars,
    TraceIdLabel traceIdLabel) {

  /** Those that Tempo has if nothing is said, but for exemplars. */
  public static final SeriesSettings DEFAULT =
      new SeriesSettings(MetricSelection.ALL, WeightSettings.NONE, NativeSettings.DEFAULT, false);

  /** Histograms are of the kind that is selected, and exemplars name their trace as Tempo's do. */
  public SeriesSettings(
      MetricSelection selection,
      WeightSettings weights,
      NativeSettings natives,
      boolean exemplars) {
    this(selection, HistogramKind.in(selection), weights, natives, exemplars, TraceIdLabel.DEFAULT);
  }

  /** Whether there are histograms that have exemplars. */
  public boolean hasExemplars() {
    return exemplars && selection.histograms();
  }
}
