package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import java.time.Duration;
import java.util.Map;

/**
 * How deltas become samples.
 *
 * @param window length of a window
 * @param staleAfterWindows after how many windows without growth a label set ends, at least 1
 * @param bounds the buckets of each group's histograms, by {@link MetricGroup#bucketsOf}
 * @param selections which metrics of a group there are; all, if nothing is said
 */
public record MergeSettings(
    Duration window,
    int staleAfterWindows,
    Map<MetricGroup, HistogramBounds> bounds,
    Map<MetricGroup, MetricSelection> selections) {
  public MergeSettings {
    bounds = Map.copyOf(bounds);
    selections = Map.copyOf(selections);
  }

  /** With all metrics. */
  public MergeSettings(
      Duration window, int staleAfterWindows, Map<MetricGroup, HistogramBounds> bounds) {
    this(window, staleAfterWindows, bounds, Map.of());
  }

  int buckets(MetricGroup group) {
    HistogramBounds of = bounds.get(group.bucketsOf());
    if (of == null) {
      throw new IllegalStateException("no bounds for " + group);
    }
    return of.buckets();
  }
}
