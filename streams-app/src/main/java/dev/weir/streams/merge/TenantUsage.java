package dev.weir.streams.merge;

import dev.weir.streams.series.SeriesLimits;

/**
 * What a tenant has in one shard, as of the last slice that was closed, and what changed since it
 * was last asked for. Overflow series are in none of the figures.
 *
 * @param tenant tenant id
 * @param limits in force when its last window was closed
 * @param active what has state
 * @param added what was admitted
 * @param removed what ended
 * @param limited what was folded into overflow series, each label set once per window
 */
public record TenantUsage(
    String tenant, SeriesLimits limits, Count active, Count added, Count removed, Count limited) {

  /**
   * An amount in both units.
   *
   * @param series as Prometheus counts them
   * @param entities label sets of metric groups
   */
  public record Count(long series, long entities) {
    static final Count ZERO = new Count(0, 0);

    Count plus(long moreSeries, long moreEntities) {
      return new Count(series + moreSeries, entities + moreEntities);
    }

    boolean isZero() {
      return series == 0 && entities == 0;
    }
  }
}
