package dev.weir.streams.aggregate;

import dev.weir.schemas.v1.LedgerEntry;

/** Where a partition's results go, in the transaction that commits the offsets of their records. */
public interface AggregateOutput {

  /**
   * @param shard where it goes
   * @param batch see {@link dev.weir.schemas.delta.DeltaBatchWriter}
   */
  void deltas(int shard, byte[] batch);

  /** What happened to the spans since the last commit. */
  void ledger(LedgerEntry entry);
}
