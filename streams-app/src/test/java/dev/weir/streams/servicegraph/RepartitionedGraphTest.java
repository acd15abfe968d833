package dev.weir.streams.servicegraph;

import static dev.weir.streams.servicegraph.GraphUnderTest.client;
import static dev.weir.streams.servicegraph.GraphUnderTest.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.series.HistogramBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles and their order; all else is up to the simulator. */
class RepartitionedGraphTest {
  private static final ServiceGraphSettings SETTINGS =
      new ServiceGraphSettings(
          true,
          new HistogramBounds(List.of(0.04)),
          Duration.ofSeconds(10),
          100,
          PeerNames.DEFAULT_PEER_ATTRIBUTES,
          new EdgeSettings(List.of("zone"), false, false, true, false, false),
          FilterPolicies.NONE,
          new Pairing(false, false, false, false));

  private final GraphUnderTest source = new GraphUnderTest(SETTINGS.edges());
  private final RepartitionedGraph graph = new RepartitionedGraph(SETTINGS, new GraphNodes());

  @Test
  void shouldPairNothingBeforeEverySourceIsThatFar() {
    graph.accept(source.accepted("shop", client(1)).bundle(SETTINGS, 0, 2, 5_000));
    graph.advance(source);
    assertThat(graph.waiting()).isZero();

    graph.accept(source.accepted("cart", server(1)).bundle(SETTINGS, 1, 2, 4_000));
    graph.advance(source);
    assertThat(source.counts().paired()).isZero();

    graph.accept(source.bundle(SETTINGS, 1, 2, 5_001));
    graph.accept(source.bundle(SETTINGS, 0, 2, 5_001));
    graph.advance(source);
    assertThat(source.counts().paired()).isEqualTo(1);
    assertThat(graph.pairedToMillis()).isEqualTo(5_001);
    assertThat(source.credited()).containsExactly(4_000L, 5_000L);
  }

  @Test
  void shouldKeepTheLayoutOfABundle() {
    byte[] bundle = source.accepted("shop", client(1)).bundle(SETTINGS, 3, 4, 1_000);

    assertThat(HexFormat.of().formatHex(bundle))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("half-edge-bundle-v3.hex")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldReadTheLayoutOfABundle(int version) {
    graph.accept(Golden.bytes("half-edge-bundle-v%d.hex".formatted(version)));
    for (int other = 0; other < 4; other++) {
      graph.accept(source.bundle(SETTINGS, other, 4, 1_001));
    }

    graph.advance(source);

    assertThat(graph.waiting()).isEqualTo(1);
  }

  @Test
  void shouldRefuseABundleOfAnotherVersion() {
    assertThatThrownBy(() -> graph.accept(new byte[] {9}))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("a bundle of half edges of version 9; this program reads versions 1 to 3");
  }

  @Test
  void shouldSendALargeBundleBeforeTheCommit() {
    List<byte[]> sent = new ArrayList<>();
    HalfEdgeBundles bundles = source.bundles(SETTINGS, 0, 1, sent);
    for (int i = 0; i < 3; i++) {
      source.accepted("s".repeat(100_000) + i, client(i)).bundleInto(bundles, 1_000);
    }

    assertThat(sent).hasSize(1);
  }
}
