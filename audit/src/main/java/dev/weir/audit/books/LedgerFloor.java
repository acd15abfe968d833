package dev.weir.audit.books;

import java.util.List;

/**
 * From where on a ledger that has lost its oldest entries is whole. The entries of one commit come
 * one after the other, and those of the next commit begin behind them all; some of the first
 * commit's may be lost, none of a later one's.
 */
public final class LedgerFloor {
  private LedgerFloor() {}

  /**
   * The first offset that is certainly covered; {@link Long#MAX_VALUE} if none is.
   *
   * @param entries of one partition, in the order of the ledger
   */
  public static long of(List<Entry> entries) {
    List<Entry> withRecords = entries.stream().filter(Entry::hasRecords).toList();
    long lowestBehind = Long.MAX_VALUE;
    long[] lowestFrom = new long[withRecords.size() + 1];
    lowestFrom[withRecords.size()] = Long.MAX_VALUE;
    for (int i = withRecords.size() - 1; i >= 0; i--) {
      lowestBehind = Math.min(lowestBehind, withRecords.get(i).first());
      lowestFrom[i] = lowestBehind;
    }
    long last = -1;
    for (int i = 0; i < withRecords.size(); i++) {
      last = Math.max(last, withRecords.get(i).last());
      if (lowestFrom[i + 1] > last) {
        return lowestFrom[i + 1];
      }
    }
    return Long.MAX_VALUE;
  }
}
