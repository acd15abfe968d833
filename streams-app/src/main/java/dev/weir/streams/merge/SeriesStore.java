package dev.weir.streams.merge;

import org.jspecify.annotations.Nullable;

/**
 * The label sets of one shard. Its changes take effect with the offsets of the batches that caused
 * them, or not at all.
 */
public interface SeriesStore {

  byte @Nullable [] get(byte[] key);

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /**
   * Shows entries in the order of their keys' bytes, from {@code from} on, until the visitor has
   * seen enough. It must not change the store meanwhile.
   */
  void scan(byte[] from, Visitor visitor);

  /** Sees entries. */
  @FunctionalInterface
  interface Visitor {
    /** Whether it wants to see more. */
    boolean entry(byte[] key, byte[] value);
  }
}
