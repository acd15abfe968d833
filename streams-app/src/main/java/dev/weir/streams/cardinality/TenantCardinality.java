package dev.weir.streams.cardinality;

import java.util.List;

/**
 * What a tenant asks for in the shards of an instance.
 *
 * @param labels the labels, the one with most values first
 */
public record TenantCardinality(String tenant, Demand demand, List<LabelCardinality> labels) {
  public TenantCardinality {
    labels = List.copyOf(labels);
  }
}
