package dev.weir.streams.series;

import dev.weir.schemas.delta.MetricGroup;
import java.util.HashSet;
import java.util.Set;

/**
 * Which metrics of a {@link MetricGroup} there are; what is not selected is neither handed over nor
 * sent.
 *
 * @param counters indices of counters
 * @param classic whether there are the group's histograms with the buckets of settings
 * @param exponential whether there are the group's histograms as native ones
 */
public record MetricSelection(Set<Integer> counters, boolean classic, boolean exponential) {

  /** Everything that a group has, with classic histograms. */
  public static final MetricSelection ALL = new MetricSelection(Set.of(0, 1), true);

  /** Nothing. */
  public static final MetricSelection NONE = new MetricSelection(Set.of(), false);

  /** What there is of a group that has but a gauge. */
  public static final MetricSelection GAUGE = new MetricSelection(Set.of(0), false);

  public MetricSelection {
    counters = Set.copyOf(counters);
  }

  /** With classic histograms, if with any. */
  public MetricSelection(Set<Integer> counters, boolean histograms) {
    this(counters, histograms, false);
  }

  /** Whether there are histograms. */
  public boolean histograms() {
    return classic || exponential;
  }

  /** This, or nothing. */
  public MetricSelection onlyIf(boolean condition) {
    return condition ? this : NONE;
  }

  /** What is in this and not in another. */
  public MetricSelection without(MetricSelection other) {
    Set<Integer> rest = new HashSet<>(counters);
    rest.removeAll(other.counters);
    return new MetricSelection(rest, classic && !other.classic, exponential && !other.exponential);
  }

  /** Whether nothing is selected. */
  public boolean isEmpty() {
    return counters.isEmpty() && !histograms();
  }

  /**
   * How many series a label set of a group has at most.
   *
   * @param buckets buckets of each classic histogram, the unbounded one included
   */
  public int mostSeries(MetricGroup group, int buckets) {
    if (group.isGauge()) {
      return group.counters();
    }
    int ofHistogram = (classic ? buckets + 2 : 0) + (exponential ? 1 : 0);
    return Math.min(counters.size(), group.counters()) + group.histograms() * ofHistogram;
  }

  /** For each entry of a group's vector whether it is selected. */
  boolean[] entries(MetricGroup group, int buckets) {
    boolean[] entries = new boolean[group.vectorLength(buckets)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = i < group.counters() ? counters.contains(i) : classic;
    }
    return entries;
  }
}
