package dev.weir.streams.state;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One budget of native memory for all stores of the process, whatever the number of tasks: block
 * cache, index and filter blocks, and write buffers count against it.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {
  /**
   * Key in the configuration of Kafka Streams: the budget in bytes, a {@link Long}. The first store
   * of the process decides.
   */
  public static final String BUDGET_BYTES = "weir.rocksdb.memory.bytes";

  private static final long DEFAULT_BUDGET_BYTES = 128L << 20;
  private static final Object LOCK = new Object();
  private static @Nullable Budget budget;

  private record Budget(Cache cache, WriteBufferManager writeBuffers) {}

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Budget shared = budget(configs.get(BUDGET_BYTES));
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(shared.cache());
    table.setCacheIndexAndFilterBlocks(true);
    table.setFilterPolicy(new BloomFilter(10));
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(shared.writeBuffers());
  }

  private static Budget budget(@Nullable Object configured) {
    synchronized (LOCK) {
      Budget made = budget;
      if (made == null) {
        RocksDB.loadLibrary();
        long bytes = configured instanceof Long value ? value : DEFAULT_BUDGET_BYTES;
        Cache cache = new LRUCache(bytes);
        made = new Budget(cache, new WriteBufferManager(bytes / 2, cache));
        budget = made;
      }
      return made;
    }
  }

  @Override
  public void close(String storeName, Options options) {
    // cache and write buffers belong to the process, not to the store
  }
}
