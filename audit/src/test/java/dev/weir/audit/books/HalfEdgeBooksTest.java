package dev.weir.audit.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.schemas.v1.ServiceGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class HalfEdgeBooksTest {
  @Test
  void shouldAcceptHalvesThatStillWait() {
    assertThat(HalfEdgeBooks.findings(3, List.of(entry("t", 4, 1)))).isEmpty();
  }

  @Test
  void shouldCountWhatBecameOfHalvesAndLinks() {
    assertThat(HalfEdgeBooks.findings(3, List.of(entry("t", 5, 1), entry("u", 9, 1)))).isEmpty();
  }

  @Test
  void shouldFindWhatEndedWithoutHavingBegun() {
    List<Finding> findings =
        HalfEdgeBooks.findings(3, List.of(entry("t", 4, 1), entry("t", 0, 1), entry("u", 5, 1)));

    assertThat(findings)
        .containsExactly(new Finding("t", 3, -1, -1, "5 more half edges ended than began"));
  }

  /** Of an edge, a further one, and one that came to nothing, or of a link more than halves. */
  private static Entry entry(String tenant, long halves, int edges) {
    return Entry.of(
        LedgerEntry.newBuilder()
            .setTenant(tenant)
            .setServiceGraph(
                ServiceGraph.newBuilder()
                    .setHalfEdges(halves)
                    .setLinks(halves > 0 ? 1 : 0)
                    .setEdgesPaired(edges)
                    .setEdgesFurther(1)
                    .putUnpaired("link", 1)
                    .setEdgesVirtual(1))
            .build());
  }
}
