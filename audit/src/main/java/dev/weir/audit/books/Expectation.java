package dev.weir.audit.books;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How an entry and the recount of its records are compared.
 *
 * @param late whether it is known what is late or ahead
 * @param halfEdges whether edges are made at all
 */
record Expectation(boolean late, boolean halfEdges) {
  /** Reasons that the recount decides on its own; of others it only knows that they add up. */
  static final Set<String> RECOUNTED_REASONS = Set.of("invalid_utf8", "skip_flag");

  /** What is different, in words; empty if nothing is. */
  List<String> differences(Entry entry, Counts recount) {
    Counts ledger = entry.counts();
    boolean decides =
        !entry.isOverridden() && RECOUNTED_REASONS.containsAll(ledger.discarded().keySet());
    List<String> all = new ArrayList<>();
    compare(all, "records", ledger.records(), recount.records());
    compare(all, "spans received", ledger.received(), recount.received());
    if (ledger.counted() + ledger.discardedInAll() != ledger.received()) {
      all.add(
          "%d spans received are not %d counted and %d discarded"
              .formatted(ledger.received(), ledger.counted(), ledger.discardedInAll()));
    }
    if (decides) {
      compare(all, "spans counted", ledger.counted(), recount.counted());
      for (String reason : RECOUNTED_REASONS.stream().sorted().toList()) {
        compare(
            all,
            "spans discarded as " + reason,
            ledger.discarded(reason),
            recount.discarded(reason));
      }
    }
    if (late) {
      compare(all, "late spans", ledger.late(), recount.late());
      compare(all, "spans ahead", ledger.ahead(), recount.ahead());
    }
    if (halfEdges && !entry.isOverridden()) {
      compare(all, "half edges", ledger.halfEdges(), recount.halfEdges());
    }
    return all;
  }

  private static void compare(List<String> all, String what, long ledger, long recount) {
    if (ledger != recount) {
      all.add("%s: %d in the ledger, %d in the log".formatted(what, ledger, recount));
    }
  }
}
