package dev.weir.streams.series;

import java.time.Duration;

/**
 * How fine native histograms are.
 *
 * @param schema the resolution that they begin with, from −4 to 8
 * @param maxBuckets how many buckets one may have before it becomes coarser, at least 1
 * @param minReset how long one must have counted before it may begin anew with full resolution
 */
public record NativeSettings(int schema, int maxBuckets, Duration minReset) {

  /** Tempo's own. */
  public static final NativeSettings DEFAULT = of(1.1, 100, Duration.ofMinutes(15));

  /**
   * The same by the widths of buckets.
   *
   * @param factor by how much a bucket is at most wider than the one before, above 1
   */
  public static NativeSettings of(double factor, int maxBuckets, Duration minReset) {
    return new NativeSettings(ExponentialBuckets.schemaOf(factor), maxBuckets, minReset);
  }
}
