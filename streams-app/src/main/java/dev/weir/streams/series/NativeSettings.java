package dev.weir.streams.series;

import java.time.Duration;

/**
 * How fine native histograms are.
 *
 * @param factor by how much a bucket is at most wider than the one before, above 1
 * @param maxBuckets how many buckets one may have before it becomes coarser, at least 1
 * @param minReset how long one must have counted before it may begin anew with full resolution
 */
public record NativeSettings(double factor, int maxBuckets, Duration minReset) {
  /** The most buckets that a setting may allow. */
  public static final int MOST_BUCKETS = 10_000;

  /** Tempo's own. */
  public static final NativeSettings DEFAULT = new NativeSettings(1.1, 100, Duration.ofMinutes(15));

  /** The resolution that they begin with, from −4 to 8. */
  public int schema() {
    return ExponentialBuckets.schemaOf(factor);
  }

  /**
   * How many windows one must have counted before it may begin anew.
   *
   * @param window length of a window
   */
  public long minResetWindows(Duration window) {
    return (minReset.toMillis() + window.toMillis() - 1) / window.toMillis();
  }
}
