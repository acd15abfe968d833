package dev.weir.streams.idlemark;

import java.util.Optional;

/** Finds out where partitions of the topic of spans end, for topics that may not be written. */
public interface PartitionEnds {

  /**
   * Where a partition begins and ends.
   *
   * @param askedAtMillis when it was asked: a record that was there then is before the end
   * @param beginOffset of the first record that is still there
   * @param endOffset of the next record to come
   */
  record Ends(long askedAtMillis, long beginOffset, long endOffset) {

    /** Whether a reader that goes on at {@code position} has read everything there was. */
    public boolean isReachedBy(long position) {
      return endOffset <= Math.max(position, beginOffset);
    }
  }

  /**
   * Asks where a partition ends, unless that is on its way; never blocks. An answer that fails is
   * none, and is asked for again.
   */
  void ask(int partition);

  /** Takes the answer, if it has come. */
  Optional<Ends> take(int partition);
}
