package dev.weir.streams.state;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** Builders of the stores that outlive a commit. */
public final class Stores {
  private Stores() {}

  /**
   * A RocksDB store with a changelog and without a cache: both stages keep what changes often on
   * their own heap until the commit, and a cache would be flushed at the wrong moment.
   */
  public static StoreBuilder<KeyValueStore<Bytes, byte[]>> logged(String name) {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
            Serdes.Bytes(),
            Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
  }
}
