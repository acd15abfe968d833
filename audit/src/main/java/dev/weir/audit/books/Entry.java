package dev.weir.audit.books;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.schemas.v1.ServiceGraph;
import java.util.TreeMap;

/**
 * An entry of the ledger.
 *
 * @param first offset of the first of its records; meaningless without records
 * @param last offset of the last one, inclusive
 * @param links half edges beyond those of {@code counts}: links from consumers to producers
 * @param ended half edges that stopped waiting, whatever became of them
 * @param parted those among them that waited in vain when partitions had been added
 * @param version of the overrides that they were processed with
 */
public record Entry(
    String tenant,
    int partition,
    long first,
    long last,
    Counts counts,
    long links,
    long ended,
    long parted,
    long version) {
  /** The version that says what the settings of the process are, which the audit has, too. */
  private static final long FIRST_VERSION = 1;

  /** As it stands in the topic. */
  public static Entry of(LedgerEntry entry) {
    ServiceGraph graph = entry.getServiceGraph();
    return new Entry(
        entry.getTenant(),
        entry.getSourcePartition(),
        entry.getFirstOffset(),
        entry.getLastOffset(),
        new Counts(
            entry.getRecords(),
            entry.getSpansReceived(),
            entry.getSpansCounted(),
            entry.getSpansLate(),
            entry.getSpansAhead(),
            graph.getHalfEdges(),
            new TreeMap<>(entry.getSpansDiscardedMap())),
        graph.getLinks(),
        2 * graph.getEdgesPaired()
            + graph.getEdgesFurther()
            + graph.getEdgesSingle()
            + graph.getEdgesVirtual()
            + graph.getUnpairedMap().values().stream().mapToLong(Long::longValue).sum(),
        graph.getUnpairedOrDefault("repartitioned", 0),
        entry.getOverridesVersion());
  }

  /** Whether other settings may have been in force than those that the audit knows. */
  boolean isOverridden() {
    return version > FIRST_VERSION;
  }

  boolean hasRecords() {
    return counts.records() != 0;
  }

  /** Half edges that began to wait. */
  long began() {
    return counts.halfEdges() + links;
  }

  String offsets() {
    return first == last ? "offset " + first : "offsets " + first + " to " + last;
  }
}
