package dev.weir.audit.books;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The entries of a tenant and partition beside the recount of their records. Not thread-safe. */
final class TenantBooks {
  private final String tenant;
  private final Scope scope;
  private final List<Page> pages = new ArrayList<>();
  private final List<Entry> cut = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private Counts lost = Counts.NONE;
  private Counts recounted = Counts.NONE;
  private long lastOffset = -1;
  private int page;
  private Uncovered uncovered = Uncovered.NONE;

  /** An entry and what was recounted of it. */
  private static final class Page {
    private final Entry entry;
    private Counts recount = Counts.NONE;

    Page(Entry entry) {
      this.entry = entry;
    }
  }

  /** Neighbouring records that no entry speaks of. */
  private record Uncovered(long first, long last, Counts counts) {
    static final Uncovered NONE = new Uncovered(-1, -1, Counts.NONE);

    Uncovered with(long offset, Counts more) {
      return new Uncovered(first < 0 ? offset : first, offset, counts.plus(more));
    }
  }

  TenantBooks(String tenant, Scope scope) {
    this.tenant = tenant;
    this.scope = scope;
  }

  /** The next entry, in the order of the ledger. */
  void enter(Entry entry) {
    if (!entry.hasRecords()) {
      if (entry.counts().received() != 0 || entry.counts().halfEdges() != 0) {
        find(-1, -1, "an entry without records has spans: " + entry.counts());
      }
      return;
    }
    if (entry.first() <= lastOffset) {
      find(
          entry.first(),
          entry.last(),
          "the entry of %s is not behind the one before it, which ends at offset %d"
              .formatted(entry.offsets(), lastOffset));
    }
    lastOffset = Math.max(lastOffset, entry.last());
    if (scope.hasLost(entry)) {
      lost = lost.plus(entry.counts());
    }
    if (scope.holds(entry)) {
      pages.add(new Page(entry));
    } else if (scope.cuts(entry)) {
      cut.add(entry);
    }
  }

  /** All entries are there; records follow, in the order of the log. */
  void endOfLedger() {
    pages.sort(Comparator.comparingLong(next -> next.entry.first()));
  }

  void recount(long offset, Counts counts) {
    while (page < pages.size() && pages.get(page).entry.last() < offset) {
      page++;
    }
    if (page < pages.size() && pages.get(page).entry.first() <= offset) {
      endUncovered();
      pages.get(page).recount = pages.get(page).recount.plus(counts);
      recounted = recounted.plus(counts);
    } else if (cut.stream().noneMatch(e -> e.first() <= offset && offset <= e.last())) {
      uncovered = uncovered.with(offset, counts);
      recounted = recounted.plus(counts);
    }
  }

  private void endUncovered() {
    if (uncovered.first() >= 0) {
      find(
          uncovered.first(),
          uncovered.last(),
          "%d records with %d spans are in no entry"
              .formatted(uncovered.counts().records(), uncovered.counts().received()));
      uncovered = Uncovered.NONE;
    }
  }

  /** Compares; to be called once, at the end. */
  List<Finding> findings(Expectation expectation) {
    endUncovered();
    for (Page next : pages) {
      List<String> differences = expectation.differences(next.entry, next.recount);
      if (!differences.isEmpty()) {
        find(next.entry.first(), next.entry.last(), String.join("; ", differences));
      }
    }
    return List.copyOf(findings);
  }

  private void find(long first, long last, String text) {
    findings.add(new Finding(tenant, scope.partition(), first, last, text));
  }

  /** What the entries within the scope say. */
  Counts ledger() {
    return pages.stream().map(next -> next.entry.counts()).reduce(Counts.NONE, Counts::plus);
  }

  /** What the records within the scope say. */
  Counts recounted() {
    return recounted;
  }

  /** What entries say of records that are, in part at least, no longer in the log. */
  Counts lost() {
    return lost;
  }

  /** Entries of which it is not decided again what was counted. */
  int overriddenEntries() {
    return (int) pages.stream().filter(next -> next.entry.isOverridden()).count();
  }

  /** Entries across a border of the scope, which cannot be compared. */
  int cutEntries() {
    return cut.size();
  }
}
