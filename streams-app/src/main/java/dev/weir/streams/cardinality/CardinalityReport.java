package dev.weir.streams.cardinality;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What the shards of this instance know of their tenants, put together. Thread-safe. */
public final class CardinalityReport {
  private final ConcurrentMap<Integer, ShardCardinality> shards = new ConcurrentHashMap<>();

  /** A shard came to this instance. */
  public void shard(int shard, ShardCardinality cardinality) {
    shards.put(shard, cardinality);
  }

  /** A shard is no longer this instance's. */
  public void shardLeft(int shard) {
    shards.remove(shard);
  }

  /** All tenants that have grown of late, in the order of their ids. */
  public List<TenantCardinality> tenants() {
    return report(Optional.empty());
  }

  /** One tenant, if it has grown of late. */
  public Optional<TenantCardinality> tenant(String tenant) {
    return report(Optional.of(tenant)).stream().findFirst();
  }

  private List<TenantCardinality> report(Optional<String> only) {
    Map<String, TenantSketch> all = new TreeMap<>();
    shards.values().forEach(shard -> shard.addTo(all, only));
    return all.entrySet().stream().map(entry -> entry.getValue().result(entry.getKey())).toList();
  }
}
