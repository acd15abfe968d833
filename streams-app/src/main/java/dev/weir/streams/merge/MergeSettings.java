package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.cardinality.ShardCardinality;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.SeriesLimits;
import java.time.Duration;
import java.util.Map;

/**
 * How deltas become samples.
 *
 * @param window length of a window
 * @param staleAfterWindows after how many windows without growth a label set ends, at least 1
 * @param bounds the buckets of each group's histograms, by {@link MetricGroup#bucketsOf}, of
 *     tenants of which no version says anything
 * @param selections which metrics of a group there are, by {@link MetricGroup#bucketsOf}, of
 *     tenants of which no version says anything; all, if nothing is said
 * @param exemplars how exemplars are written, but for the label, which tenants' settings name
 * @param naming what users say about the names and labels of samples
 * @param shards how many shards series are spread over
 * @param limits how much of a tenant of which no version says anything may be active
 */
public record MergeSettings(
    Duration window,
    int staleAfterWindows,
    Map<MetricGroup, HistogramBounds> bounds,
    Map<MetricGroup, MetricSelection> selections,
    ExemplarFormat exemplars,
    SampleNaming naming,
    int shards,
    SeriesLimits limits) {
  public MergeSettings {
    bounds = Map.copyOf(bounds);
    selections = Map.copyOf(selections);
  }

  /** What tells the cardinality of a new shard, as if all tenants had the same buckets. */
  public ShardCardinality newCardinality() {
    return new ShardCardinality(
        window,
        window.multipliedBy(staleAfterWindows),
        group -> selection(group).mostSeries(group, buckets(group)));
  }

  /** Which metrics of a group there are. */
  MetricSelection selection(MetricGroup group) {
    return selections.getOrDefault(group.bucketsOf(), MetricSelection.ALL);
  }

  private int buckets(MetricGroup group) {
    HistogramBounds of = bounds.get(group.bucketsOf());
    if (of == null) {
      throw new IllegalStateException("no bounds for " + group);
    }
    return of.buckets();
  }
}
