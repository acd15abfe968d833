package dev.weir.streams.series;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What kind of histograms there are, where there are any. */
public enum HistogramKind {
  /** A series for each bucket. */
  CLASSIC,
  /** One series with exponential buckets. */
  NATIVE,
  /** Each is told of twice. */
  BOTH;

  /** What they are called in settings. */
  public static List<String> names() {
    return Arrays.stream(values()).map(HistogramKind::label).toList();
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static HistogramKind named(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\" is not a kind of histograms, valid values: %s"
                        .formatted(name, names())));
  }

  /** What it is called in settings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The same metrics with histograms of this kind, if with any. */
  public MetricSelection of(MetricSelection selection) {
    return new MetricSelection(
        selection.counters(),
        selection.histograms() && this != NATIVE,
        selection.histograms() && this != CLASSIC);
  }

  /** The kind of those that are selected. */
  static HistogramKind in(MetricSelection selection) {
    if (selection.classic() && selection.exponential()) {
      return BOTH;
    }
    return selection.exponential() ? NATIVE : CLASSIC;
  }
}
