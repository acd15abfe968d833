package dev.weir.benchmarks.memory;

import dev.weir.streams.merge.SeriesStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A shard's store with the options that decide its size: those of Kafka Streams and ours. */
final class RocksSeriesStore implements SeriesStore, AutoCloseable {
  private static final int FILTER_BITS = 10;

  static {
    RocksDB.loadLibrary();
  }

  private final BloomFilter filter = new BloomFilter(FILTER_BITS);
  private final Options options =
      new Options()
          .setCreateIfMissing(true)
          .setCompressionType(CompressionType.NO_COMPRESSION)
          .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(filter));
  private final RocksDB db;

  RocksSeriesStore(Path directory) throws RocksDBException {
    this.db = RocksDB.open(options, directory.toString());
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try {
      return db.get(key);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      db.put(key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      db.delete(key);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void scan(byte[] from, Visitor visitor) {
    try (RocksIterator entries = db.newIterator()) {
      entries.seek(from);
      while (entries.isValid() && visitor.entry(entries.key(), entries.value())) {
        entries.next();
      }
    }
  }

  /** Bytes of its files when nothing in them is superseded. */
  long compactedBytes() throws RocksDBException {
    db.compactRange();
    return db.getLongProperty("rocksdb.live-sst-files-size");
  }

  @Override
  public void close() {
    db.close();
    options.close();
    filter.close();
  }
}
