package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.series.HistogramBounds;
import java.time.Duration;
import java.util.Map;

/**
 * How deltas become samples.
 *
 * @param window length of a window
 * @param staleAfterWindows after how many windows without growth a label set ends, at least 1
 * @param bounds the buckets of each group's histograms, by {@link MetricGroup#bucketsOf}
 * @param naming what users say about the names and labels of samples
 */
public record MergeSettings(
    Duration window,
    int staleAfterWindows,
    Map<MetricGroup, HistogramBounds> bounds,
    SampleNaming naming) {
  public MergeSettings {
    bounds = Map.copyOf(bounds);
  }

  /** Samples with Tempo's names and no labels beyond their own. */
  public MergeSettings(
      Duration window, int staleAfterWindows, Map<MetricGroup, HistogramBounds> bounds) {
    this(window, staleAfterWindows, bounds, SampleNaming.DEFAULT);
  }

  int buckets(MetricGroup group) {
    HistogramBounds of = bounds.get(group.bucketsOf());
    if (of == null) {
      throw new IllegalStateException("no bounds for " + group);
    }
    return of.buckets();
  }
}
