package dev.weir.audit.books;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of half edges: no more can end than began. How many still wait is in no topic, so
 * that is all there is to compare.
 */
public final class HalfEdgeBooks {
  private HalfEdgeBooks() {}

  /**
   * Compares, by tenant.
   *
   * @param entries all of one partition, from the beginning of the ledger
   */
  public static List<Finding> findings(int partition, List<Entry> entries) {
    Map<String, Long> waiting = new TreeMap<>();
    for (Entry entry : entries) {
      waiting.merge(entry.tenant(), entry.began() - entry.ended(), Long::sum);
    }
    List<Finding> findings = new ArrayList<>();
    waiting.forEach(
        (tenant, count) -> {
          if (count < 0) {
            findings.add(
                new Finding(
                    tenant,
                    partition,
                    -1,
                    -1,
                    "%d more half edges ended than began".formatted(-count)));
          }
        });
    return findings;
  }
}
