package dev.weir.audit.books;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The dead letters that came from one partition beside the records that cannot be read. Not
 * thread-safe.
 */
public final class DeadLetters {
  private final int partition;
  private final boolean complete;
  private final SortedMap<Long, Integer> letters = new TreeMap<>();
  private final TreeSet<Long> poison = new TreeSet<>();

  /**
   * @param complete whether the topic still has its first record
   */
  public DeadLetters(int partition, boolean complete) {
    this.partition = partition;
    this.complete = complete;
  }

  /** A dead letter that came from that offset. */
  public void letter(long offset) {
    letters.merge(offset, 1, Integer::sum);
  }

  /** Whether there is a dead letter from that offset. */
  public boolean has(long offset) {
    return letters.containsKey(offset);
  }

  /** The record at that offset cannot be read. */
  public void poison(long offset) {
    poison.add(offset);
  }

  /** How many records cannot be read. */
  public int poisonRecords() {
    return poison.size();
  }

  /** How many records of a range are there, or should be if the topic has lost some. */
  public long within(Scope scope) {
    return complete
        ? letters.subMap(scope.start(), Math.max(scope.start(), scope.end())).size()
        : poison.size();
  }

  /** Poison without dead letter, and the reverse. */
  public List<Finding> findings(Scope scope) {
    List<Finding> findings = new ArrayList<>();
    long known = complete ? 0 : letters.isEmpty() ? Long.MAX_VALUE : letters.firstKey();
    for (long offset : poison.tailSet(known)) {
      if (!has(offset)) {
        find(findings, offset, "the record cannot be read and is not in the dead letters");
      }
    }
    letters
        .subMap(scope.start(), Math.max(scope.start(), scope.end()))
        .forEach(
            (offset, times) -> {
              if (!poison.contains(offset)) {
                find(findings, offset, "the record is in the dead letters and can be read");
              } else if (times > 1) {
                find(
                    findings,
                    offset,
                    "the record is in the dead letters %d times".formatted(times));
              }
            });
    return findings;
  }

  private void find(List<Finding> findings, long offset, String text) {
    findings.add(new Finding("", partition, offset, offset, text));
  }
}
