package dev.weir.streams.series;

/**
 * How much of a tenant may be active. Each shard has an equal share as its budget, which needs no
 * talk between shards: hashing spreads series evenly.
 *
 * @param by which of the two limits is in force
 * @param maxSeries series as Prometheus counts them, in all shards together; 0 is no limit
 * @param maxEntities label sets of metric groups, in all shards together; 0 is no limit
 */
public record SeriesLimits(Unit by, long maxSeries, long maxEntities) {
  /** No limit. */
  public static final SeriesLimits NONE = new SeriesLimits(Unit.SERIES, 0, 0);

  /** What a limit counts. */
  public enum Unit {
    /** Each counter and gauge, and each part of a histogram. */
    SERIES,

    /**
     * Each label set of a metric group, whatever it has of the group's metrics. The same labels in
     * two groups are two entities: groups are hashed apart, so they live in different shards.
     */
    ENTITY
  }

  /** The limit in force; 0 is none. */
  public long max() {
    return by == Unit.SERIES ? maxSeries : maxEntities;
  }

  /**
   * Whether a shard may admit a label set.
   *
   * @param activeSeries the tenant's series that are active in the shard
   * @param activeEntities its label sets that are
   * @param series what the new label set adds
   */
  public boolean admit(int shards, long activeSeries, long activeEntities, long series) {
    long used = by == Unit.SERIES ? activeSeries + series : activeEntities + 1;
    return max() == 0 || used <= (max() + shards - 1) / shards;
  }
}
