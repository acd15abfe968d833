package dev.weir.streams.outbox;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.remotewrite.v2.BucketSpan;
import dev.weir.schemas.remotewrite.v2.Histogram;

/**
 * A native histogram as samples of remote write 2.0. Counts are integers, or floats in a tally with
 * a fine unit, whatever they amount to, so that a series does not change its kind. Buckets never
 * become empty, so its layout only grows until it begins anew.
 *
 * @param createdMillis since when it counts, Unix milliseconds
 */
record NativeSample(Tally tally, NativeHistogram histogram, long createdMillis) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** What Prometheus's own clients take for 0. */
  private static final double ZERO_THRESHOLD = 0x1p-128;

  /** All that was observed. */
  Histogram whole(long timestampMillis, boolean isReset) {
    double sum = tally.inUnits(histogram.sumAndZero().asDouble(0)) / NANOS_PER_SECOND;
    Histogram.Builder sample = begin(sum, timestampMillis);
    if (isReset) {
      sample.setResetHint(Histogram.ResetHint.RESET_HINT_YES);
    }
    Amounts count = new Amounts(1);
    count.addEntry(0, histogram.sumAndZero(), 1);
    for (int bucket = 0; bucket < histogram.buckets(); bucket++) {
      count.addEntry(0, histogram.counts(), bucket);
    }
    addSpans(sample);
    if (tally.isFine()) {
      addFloats(sample, count);
    } else {
      addIntegers(sample, count);
    }
    return sample.build();
  }

  /** Nothing but a sum. */
  Histogram ofSum(double sum, long timestampMillis) {
    Histogram.Builder sample = begin(sum, timestampMillis);
    if (tally.isFine()) {
      sample.setCountFloat(0).setZeroCountFloat(0);
    } else {
      sample.setCountInt(0).setZeroCountInt(0);
    }
    return sample.build();
  }

  private Histogram.Builder begin(double sum, long timestampMillis) {
    return Histogram.newBuilder()
        .setSum(sum)
        .setSchema(histogram.schema())
        .setZeroThreshold(ZERO_THRESHOLD)
        .setTimestamp(timestampMillis)
        .setStartTimestamp(createdMillis);
  }

  private void addSpans(Histogram.Builder sample) {
    int bucket = 0;
    int end = 0;
    while (bucket < histogram.buckets()) {
      int first = bucket++;
      while (bucket < histogram.buckets()
          && histogram.index(bucket) == histogram.index(bucket - 1) + 1) {
        bucket++;
      }
      sample.addPositiveSpans(
          BucketSpan.newBuilder()
              .setOffset(histogram.index(first) - end)
              .setLength(bucket - first));
      end = histogram.index(bucket - 1) + 1;
    }
  }

  private void addFloats(Histogram.Builder sample, Amounts count) {
    sample
        .setCountFloat(tally.inUnits(count.asDouble(0)))
        .setZeroCountFloat(tally.inUnits(histogram.sumAndZero().asDouble(1)));
    for (int bucket = 0; bucket < histogram.buckets(); bucket++) {
      sample.addPositiveCounts(tally.inUnits(histogram.counts().asDouble(bucket)));
    }
  }

  private void addIntegers(Histogram.Builder sample, Amounts count) {
    sample.setCountInt(count.lowHalf(0)).setZeroCountInt(histogram.sumAndZero().lowHalf(1));
    long previous = 0;
    for (int bucket = 0; bucket < histogram.buckets(); bucket++) {
      long next = histogram.counts().lowHalf(bucket);
      sample.addPositiveDeltas(next - previous);
      previous = next;
    }
  }
}
