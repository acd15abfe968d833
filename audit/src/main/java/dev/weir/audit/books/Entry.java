package dev.weir.audit.books;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.schemas.v1.ServiceGraph;
import java.util.TreeMap;

/**
 * An entry of the ledger.
 *
 * @param first offset of the first of its records; meaningless without records
 * @param last offset of the last one, inclusive
 * @param ended half edges that stopped waiting, whatever became of them
 */
public record Entry(
    String tenant, int partition, long first, long last, Counts counts, long ended) {

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
            graph.getHalfEdges(),
            new TreeMap<>(entry.getSpansDiscardedMap())),
        2 * graph.getEdgesPaired()
            + graph.getEdgesSingle()
            + graph.getEdgesVirtual()
            + graph.getUnpairedMap().values().stream().mapToLong(Long::longValue).sum());
  }

  boolean hasRecords() {
    return counts.records() != 0;
  }

  String offsets() {
    return first == last ? "offset " + first : "offsets " + first + " to " + last;
  }
}
