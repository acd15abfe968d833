package dev.weir.streams.aggregate;

import java.util.function.BiConsumer;

/**
 * What outlives a commit of one partition. Its changes take effect with the offsets of the records
 * that caused them, or not at all.
 */
public interface PartitionStore {

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /** Shows all entries in the order of their keys' bytes. */
  void forEach(BiConsumer<byte[], byte[]> entry);
}
