package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import java.time.Duration;
import java.util.Map;

/**
 * How deltas become samples.
 *
 * @param window length of a window
 * @param staleAfterWindows after how many windows without growth a label set ends, at least 1
 * @param bounds the buckets of each group's histograms, by {@link MetricGroup#bucketsOf}
 * @param selections which metrics of a group there are, by {@link MetricGroup#bucketsOf}; all, if
 *     nothing is said
 * @param natives how fine native histograms are
 * @param exemplars how exemplars are written
 */
public record MergeSettings(
    Duration window,
    int staleAfterWindows,
    Map<MetricGroup, HistogramBounds> bounds,
    Map<MetricGroup, MetricSelection> selections,
    NativeSettings natives,
    ExemplarFormat exemplars) {
  public MergeSettings {
    bounds = Map.copyOf(bounds);
    selections = Map.copyOf(selections);
  }

  /** With all metrics. */
  public MergeSettings(
      Duration window, int staleAfterWindows, Map<MetricGroup, HistogramBounds> bounds) {
    this(
        window,
        staleAfterWindows,
        bounds,
        Map.of(),
        NativeSettings.DEFAULT,
        ExemplarFormat.DEFAULT);
  }

  /** How many windows a native histogram must have counted before it may begin anew. */
  long minResetWindows() {
    return (natives.minReset().toMillis() + window.toMillis() - 1) / window.toMillis();
  }

  int buckets(MetricGroup group) {
    HistogramBounds of = bounds.get(group.bucketsOf());
    if (of == null) {
      throw new IllegalStateException("no bounds for " + group);
    }
    return of.buckets();
  }
}
