package dev.weir.allinone.receiver;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one series. Immutable.
 *
 * @param points its latest values, oldest first, at most {@value #POINTS} and at least one
 * @param endsBeforeResets the last value before each fall to a smaller one: a counter that began
 *     anew
 * @param ended whether a staleness marker came after the latest point
 */
public record Series(
    Labels labels, List<Point> points, List<Double> endsBeforeResets, boolean ended) {
  /** Half a minute of windows of 5 s, and a few more. */
  private static final int POINTS = 8;

  public Series {
    points = List.copyOf(points);
    endsBeforeResets = List.copyOf(endsBeforeResets);
  }

  /** A series of which this is the first sample. */
  static Series beginning(ReceivedSample first) {
    return new Series(first.labels(), List.of(pointOf(first)), List.of(), false);
  }

  /** The latest value. */
  public double value() {
    return last().value();
  }

  /** When the latest value was taken, Unix milliseconds. */
  public long timestampMillis() {
    return last().timestampMillis();
  }

  /** This series with a later sample; one that is not later changes nothing. */
  Series with(ReceivedSample sample) {
    if (sample.timestampMillis() <= timestampMillis()) {
      return this;
    }
    if (sample.isStalenessMarker()) {
      return new Series(labels, points, endsBeforeResets, true);
    }
    List<Point> later = new ArrayList<>(points);
    later.add(pointOf(sample));
    return new Series(
        labels,
        later.subList(Math.max(0, later.size() - POINTS), later.size()),
        ends(sample),
        false);
  }

  /** Whether the sample gives another value to a time that has one; a sender may only repeat. */
  boolean contradicts(ReceivedSample sample) {
    return points.stream()
        .anyMatch(
            point ->
                point.timestampMillis() == sample.timestampMillis()
                    && Double.compare(point.value(), sample.value()) != 0);
  }

  private List<Double> ends(ReceivedSample next) {
    if (next.value() >= value()) {
      return endsBeforeResets;
    }
    List<Double> ends = new ArrayList<>(endsBeforeResets);
    ends.add(value());
    return ends;
  }

  private Point last() {
    return points.get(points.size() - 1);
  }

  private static Point pointOf(ReceivedSample sample) {
    return new Point(sample.timestampMillis(), sample.value());
  }
}
