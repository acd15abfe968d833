package dev.weir.streams.series;

/**
 * How label sets of a group are told of.
 *
 * @param selection which metrics there are
 */
public record SeriesSettings(MetricSelection selection) {

  /** Those that Tempo has if nothing is said. */
  public static final SeriesSettings DEFAULT = new SeriesSettings(MetricSelection.ALL);
}
