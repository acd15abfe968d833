package dev.weir.audit.books;

/**
 * Which records of a partition are audited.
 *
 * @param start offset of the first one
 * @param end offset behind the last one; the ledger speaks of every record before it
 * @param logStart offset of the first record that is still in the log
 * @param logEnd offset behind the last record in the log
 * @param knowsDecisions whether all that was decided about the partition is there
 */
public record Scope(
    int partition, long start, long end, long logStart, long logEnd, boolean knowsDecisions) {

  /**
   * Whether the partition's time is known at each of its records: it depends on all that were
   * before, and on what was decided.
   */
  public boolean knowsTime() {
    return start == 0 && knowsDecisions;
  }

  /** The range of offsets, in words. */
  public String text() {
    return start == end
        ? "partition %d nothing".formatted(partition)
        : "partition %d offsets %d to %d".formatted(partition, start, end - 1);
  }

  boolean holds(Entry entry) {
    return entry.first() >= start && entry.last() < end;
  }

  boolean cuts(Entry entry) {
    return !holds(entry) && entry.last() >= start && entry.first() < end;
  }

  /** Whether records of the entry are no longer in the log. */
  boolean hasLost(Entry entry) {
    return entry.first() < logStart;
  }
}
