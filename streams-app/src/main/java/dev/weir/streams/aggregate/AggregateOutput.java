package dev.weir.streams.aggregate;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.rewrite.RewriteCounts;

/** Where a partition's results go, in the transaction that commits the offsets of their records. */
public interface AggregateOutput {

  /**
   * @param shard where it goes
   * @param batch see {@link dev.weir.schemas.delta.DeltaBatchWriter}
   */
  void deltas(int shard, byte[] batch);

  /**
   * Half edges, if they are not paired where they are read.
   *
   * @param partition where their traces are paired
   * @param bundle see {@link dev.weir.streams.servicegraph.HalfEdgeBundles}
   */
  default void halfEdges(int partition, byte[] bundle) {
    throw new IllegalStateException("half edges are paired where they are read");
  }

  /**
   * What is new in a tenant's labels; nobody needs to listen.
   *
   * @param observations see {@link dev.weir.streams.rewrite.LabelObservations}
   */
  default void labelObservations(byte[] tenant, byte[] observations) {}

  /** How often a tenant's labels were rewritten since the last commit. */
  default void rewritten(byte[] tenant, RewriteCounts counts) {}

  /** What happened to the spans since the last commit. */
  void ledger(LedgerEntry entry);
}
