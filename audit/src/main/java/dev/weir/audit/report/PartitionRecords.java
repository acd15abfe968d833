package dev.weir.audit.report;

import dev.weir.audit.books.Scope;

/**
 * What the records of a partition are.
 *
 * @param read all that are there within the scope
 * @param withSpans those that the ledger speaks of, or should
 * @param withoutSpans those that only say that time has passed
 * @param deadLetters those that cannot be read
 */
public record PartitionRecords(
    Scope scope, long read, long withSpans, long withoutSpans, long deadLetters) {

  /** Whether every record is one of the three. */
  boolean balance() {
    return read == withSpans + withoutSpans + deadLetters;
  }
}
