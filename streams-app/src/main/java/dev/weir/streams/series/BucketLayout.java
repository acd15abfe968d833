package dev.weir.streams.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The buckets of a label set's histograms, and since when it has had each: buckets come and go
 * while those that stay go on counting. Immutable.
 */
public final class BucketLayout {
  private final HistogramBounds bounds;
  private final List<Long> since;

  private BucketLayout(HistogramBounds bounds, List<Long> since) {
    this.bounds = bounds;
    this.since = List.copyOf(since);
  }

  /** Buckets that are as old as the label set. */
  public static BucketLayout of(HistogramBounds bounds) {
    return of(bounds, Collections.nCopies(bounds.buckets(), 0L));
  }

  /**
   * @param since for each bucket the window from which on it counts; 0 if it is as old as the label
   *     set
   */
  public static BucketLayout of(HistogramBounds bounds, List<Long> since) {
    return new BucketLayout(bounds, since);
  }

  /** The layout with other bounds from a window on. */
  public BucketLayout changedTo(HistogramBounds other, long window) {
    List<Long> changed = new ArrayList<>();
    for (String text : other.texts()) {
      int kept = bounds.texts().indexOf(text);
      changed.add(kept < 0 ? window : since.get(kept));
    }
    return new BucketLayout(other, changed);
  }

  public HistogramBounds bounds() {
    return bounds;
  }

  /** The window from which on a bucket counts; 0 if it is as old as the label set. */
  public long since(int bucket) {
    return since.get(bucket);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BucketLayout layout
        && bounds.equals(layout.bounds)
        && since.equals(layout.since);
  }

  @Override
  public int hashCode() {
    return 31 * bounds.hashCode() + since.hashCode();
  }
}
