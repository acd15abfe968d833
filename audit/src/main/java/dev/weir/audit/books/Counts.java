package dev.weir.audit.books;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened to the spans of some records.
 *
 * @param received spans read
 * @param counted spans whose observation was added to span metrics
 * @param late spans credited to a later window than their record's
 * @param ahead spans credited to an earlier one, as nobody confirmed their record's time
 * @param halfEdges spans that are one side of a call
 * @param discarded spans not counted, by reason
 */
public record Counts(
    long records,
    long received,
    long counted,
    long late,
    long ahead,
    long halfEdges,
    SortedMap<String, Long> discarded) {
  /** Nothing. */
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, Collections.emptySortedMap());

  public Counts {
    discarded = Collections.unmodifiableSortedMap(new TreeMap<>(discarded));
  }

  /** Both together. */
  public Counts plus(Counts more) {
    TreeMap<String, Long> all = new TreeMap<>(discarded);
    more.discarded.forEach((reason, spans) -> all.merge(reason, spans, Long::sum));
    return new Counts(
        records + more.records,
        received + more.received,
        counted + more.counted,
        late + more.late,
        ahead + more.ahead,
        halfEdges + more.halfEdges,
        all);
  }

  /** Spans discarded for a reason. */
  long discarded(String reason) {
    return discarded.getOrDefault(reason, 0L);
  }

  /** Spans discarded for any reason. */
  long discardedInAll() {
    return discarded.values().stream().mapToLong(Long::longValue).sum();
  }
}
