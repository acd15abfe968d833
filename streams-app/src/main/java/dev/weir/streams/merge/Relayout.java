package dev.weir.streams.merge;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.series.HistogramBounds;

/**
 * Amounts under other buckets: counters and sums are as they were, and so is what lies within a
 * bound that stays; within a new one there is nothing yet. Buckets hold differences, which wrap
 * around where a new bound lies above an old one.
 */
final class Relayout {
  private Relayout() {}

  static Amounts of(MetricGroup group, Amounts amounts, HistogramBounds from, HistogramBounds to) {
    Amounts changed = new Amounts(group.vectorLength(to.buckets()));
    for (int counter = 0; counter < group.counters(); counter++) {
      changed.addEntry(counter, amounts, counter);
    }
    for (int histogram = 0; histogram < group.histograms(); histogram++) {
      int sumFrom = group.sumIndex(histogram, from.buckets());
      int sumTo = group.sumIndex(histogram, to.buckets());
      changed.addEntry(sumTo, amounts, sumFrom);
      buckets(amounts, from, sumFrom + 1, changed, to, sumTo + 1);
    }
    return changed;
  }

  private static void buckets(
      Amounts amounts,
      HistogramBounds from,
      int first,
      Amounts changed,
      HistogramBounds to,
      int at) {
    Amounts within = new Amounts(from.buckets());
    for (int bucket = 0; bucket < from.buckets(); bucket++) {
      if (bucket > 0) {
        within.addEntry(bucket, within, bucket - 1);
      }
      within.addEntry(bucket, amounts, first + bucket);
    }
    for (int bucket = 0; bucket < to.buckets(); bucket++) {
      int kept = from.texts().indexOf(to.texts().get(bucket));
      if (kept >= 0) {
        changed.addEntry(at + bucket, within, kept);
        if (bucket + 1 < to.buckets()) {
          changed.subtractEntry(at + bucket + 1, within, kept);
        }
      }
    }
  }
}
