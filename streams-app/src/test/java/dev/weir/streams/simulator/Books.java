package dev.weir.streams.simulator;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.schemas.v1.ServiceGraph;
import dev.weir.streams.aggregate.LedgerReasons;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ledger entries added up, by tenant and account. */
public final class Books {
  private final Map<String, Map<String, Long>> accounts = new TreeMap<>();

  void add(String tenant, String account, long amount) {
    if (amount != 0) {
      accounts.computeIfAbsent(tenant, t -> new TreeMap<>()).merge(account, amount, Long::sum);
    }
  }

  /** Adds what an entry says. */
  public void add(LedgerEntry entry) {
    String tenant = entry.getTenant();
    add(tenant, "records", entry.getRecords());
    add(tenant, "received", entry.getSpansReceived());
    add(tenant, "counted", entry.getSpansCounted());
    add(tenant, "late", entry.getSpansLate());
    add(tenant, "ahead", entry.getSpansAhead());
    entry
        .getSpansDiscardedMap()
        .forEach(
            (reason, spans) ->
                add(tenant, "discarded " + known(reason, LedgerReasons.OF_SPANS), spans));
    ServiceGraph graph = entry.getServiceGraph();
    add(tenant, "half edges", graph.getHalfEdges());
    add(tenant, "links", graph.getLinks());
    add(tenant, "paired", graph.getEdgesPaired());
    add(tenant, "further", graph.getEdgesFurther());
    add(tenant, "forgotten", graph.getForgotten());
    add(tenant, "single", graph.getEdgesSingle());
    add(tenant, "virtual", graph.getEdgesVirtual());
    graph
        .getUnpairedMap()
        .forEach(
            (reason, halves) ->
                add(tenant, "unpaired " + known(reason, LedgerReasons.OF_HALF_EDGES), halves));
    add(tenant, "resources invalid_utf8", entry.getResourcesInvalidUtf8());
  }

  private static String known(String reason, List<String> reasons) {
    if (!reasons.contains(reason)) {
      throw new IllegalArgumentException(reason + " is not among " + reasons);
    }
    return reason;
  }

  /** The accounts of a tenant. */
  public Map<String, Long> of(String tenant) {
    return accounts.getOrDefault(tenant, new TreeMap<>());
  }

  long sum(String... prefixes) {
    return accounts.values().stream()
        .flatMap(of -> of.entrySet().stream())
        .filter(account -> java.util.Arrays.stream(prefixes).anyMatch(account.getKey()::startsWith))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public String toString() {
    return accounts.toString();
  }
}
