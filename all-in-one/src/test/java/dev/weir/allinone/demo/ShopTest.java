package dev.weir.allinone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShopTest {
  private static final int SEED = 7;

  @Test
  void shouldPlanTheSameTracesForTheSameSeed() {
    assertThat(traces(SEED)).isEqualTo(traces(SEED)).isNotEqualTo(traces(SEED + 1));
  }

  @Test
  void shouldPlanParentsBeforeTheirChildren() {
    for (TracePlan trace : traces(SEED)) {
      for (int i = 0; i < trace.spans().size(); i++) {
        assertThat(trace.spans().get(i).parent()).isLessThan(i);
        assertThat(trace.spans().get(i).endNanos())
            .isGreaterThan(trace.spans().get(i).startNanos());
      }
    }
  }

  @Test
  void shouldCallEachOfItsDozenServices() {
    assertThat(Shop.services()).hasSize(12);
    assertThat(
            traces(SEED).stream()
                .flatMap(trace -> trace.spans().stream())
                .map(PlannedSpan::service)
                .collect(Collectors.toSet()))
        .isEqualTo(Shop.services());
  }

  @Test
  void shouldPlanEveryKindOfEdgeBothFailedAndNot() {
    assertThat(edges())
        .extracting(edge -> edge.edge().connectionType() + edge.failed())
        .contains(
            "true",
            "false",
            "databasetrue",
            "databasefalse",
            "virtual_nodetrue",
            "virtual_nodefalse",
            "messaging_systemtrue",
            "messaging_systemfalse");
  }

  @Test
  void shouldNameDatabasesByTheFirstThingTheirClientsSay() {
    assertThat(edges())
        .extracting(PlannedEdge::edge)
        .contains(
            new Edge("catalog", "catalog-db", "database"), // server.address
            new Edge("cart", "redis", "database"), // db.system alone
            new Edge("checkout", "orders", "database"), // db.namespace before db.system
            new Edge("inventory", "stock-db", "database"), // peer.service
            new Edge("accounts", "10.0.3.7:5432", "database")); // network.peer.address and port
  }

  @Test
  void shouldMakeACallOfAClientAndTheServerItIsParentOf() {
    for (TracePlan trace : traces(SEED)) {
      for (PlannedEdge edge : trace.edges()) {
        if (edge.edge().connectionType().isEmpty()) {
          PlannedSpan client = trace.spans().get(edge.spans().get(0));
          PlannedSpan server = trace.spans().get(edge.spans().get(1));
          assertThat(client.kind()).isEqualTo(SpanKind.CLIENT);
          assertThat(server.kind()).isEqualTo(SpanKind.SERVER);
          assertThat(server.parent()).isEqualTo(edge.spans().get(0));
          assertThat(edge.failed()).isEqualTo(client.failed() || server.failed());
        }
      }
    }
  }

  private static Stream<PlannedEdge> edges() {
    return traces(SEED).stream().flatMap(trace -> trace.edges().stream());
  }

  private static List<TracePlan> traces(long seed) {
    return Stream.generate(new Shop(seed)::next).limit(2_000).toList();
  }
}
