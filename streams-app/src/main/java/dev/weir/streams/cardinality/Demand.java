package dev.weir.streams.cardinality;

/**
 * What a tenant would have if nothing were limited, about.
 *
 * @param series as Prometheus counts them, if each label set had all metrics of its group
 * @param entities label sets of metric groups
 */
public record Demand(long series, long entities) {
  /** There is nothing. */
  public static final Demand NONE = new Demand(0, 0);

  Demand plus(Demand other) {
    return new Demand(series + other.series, entities + other.entities);
  }
}
