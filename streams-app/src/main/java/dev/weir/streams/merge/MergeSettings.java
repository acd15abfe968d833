package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.series.HistogramBounds;
import java.time.Duration;
import java.util.Map;

/**
 * How deltas become samples.
 *
 * @param window length of a window
 * @param staleAfterWindows after how many windows without growth a label set ends, at least 1
 * @param bounds the buckets of each group's histograms, by {@link MetricGroup#bucketsOf}, of
 *     tenants of which no version says anything
 */
public record MergeSettings(
    Duration window, int staleAfterWindows, Map<MetricGroup, HistogramBounds> bounds) {
  public MergeSettings {
    bounds = Map.copyOf(bounds);
  }
}
