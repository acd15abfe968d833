package dev.weir.allinone.state;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;

/** For an aggregate that accepts nothing, so that nothing comes out of it. */
final class NoOutput implements AggregateOutput {
  @Override
  public void deltas(int shard, byte[] batch) {
    throw new IllegalStateException("deltas of an aggregate that accepted nothing");
  }

  @Override
  public void ledger(LedgerEntry entry) {
    throw new IllegalStateException("books of an aggregate that accepted nothing");
  }
}
