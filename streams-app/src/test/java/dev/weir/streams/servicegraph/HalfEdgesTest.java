package dev.weir.streams.servicegraph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Half edges against a plain list, for many seeds. */
class HalfEdgesTest {
  private final GraphNodes nodes = new GraphNodes();
  private final HalfEdge shown = new HalfEdge(nodes);
  private int timesMoved;

  /** What the list knows of one that waits. */
  private record Waiting(String key, boolean client, String peer, long expiry, long address) {}

  @Test
  void shouldDoAsAListDoes() {
    for (int seed = 0; seed < 200; seed++) {
      compare(new SplittableRandom(seed), seed);
    }
    assertThat(timesMoved).isPositive();
  }

  private void compare(SplittableRandom random, int seed) {
    long wraps = random.nextLong(4) << 31; // where the table's share of an address begins anew
    HalfEdges halves = new HalfEdges(nodes, Math.max(0, wraps - random.nextInt(100_000)));
    List<Waiting> list = new ArrayList<>();
    int keys = random.nextInt(1, 200);
    boolean cuts = random.nextBoolean();
    int payload = random.nextInt(4) == 0 ? 9_000 : 3; // large ones make it give back memory
    long now = 1_000;
    for (int step = 0; step < 400; step++) {
      String key = "key" + random.nextInt(keys);
      boolean client = random.nextBoolean();
      String peer = random.nextInt(5) == 0 ? "" : "s".repeat(random.nextInt(1, payload));
      HalfEdge half = half(key, client, peer);
      Waiting other = first(list, key, !client);
      halves.look(half);
      long found = halves.other();

      assertThat(found)
          .as("seed %d, step %d, other half of %s", seed, step, key)
          .isEqualTo(other == null ? -1 : other.address());
      if (other != null && random.nextInt(3) > 0) {
        halves.remove(found, halves.show(found, shown));
        list.remove(other);
      } else {
        long address = halves.add(half, now + 50);
        list.add(new Waiting(key, client, peer, now + 50, address));
      }
      now += random.nextInt(4);
      expire(halves, list, now);
      if (random.nextInt(10) == 0) {
        halves.persisted(cuts);
        halves.cutFront();
      }
      if (random.nextInt(5) == 0) {
        list = madeDense(halves, list);
      }
      assertSame(halves, list, seed, step);
    }
  }

  /** The list with new addresses. */
  private List<Waiting> madeDense(HalfEdges halves, List<Waiting> list) {
    halves.makeDense();
    List<Waiting> moved = new ArrayList<>();
    for (long at = halves.head(); at < halves.end(); at = halves.next(at)) {
      if (halves.isHere(at)) {
        Waiting same = list.get(moved.size());
        timesMoved += same.address() == at ? 0 : 1;
        moved.add(new Waiting(same.key(), same.client(), same.peer(), same.expiry(), at));
      }
    }
    assertThat(moved).hasSameSizeAs(list);
    return moved;
  }

  private void expire(HalfEdges halves, List<Waiting> list, long now) {
    for (long oldest = halves.oldest();
        oldest >= 0 && halves.expiryMillis(oldest) <= now;
        oldest = halves.oldest()) {
      halves.remove(oldest, halves.show(oldest, shown));
    }
    list.removeIf(half -> half.expiry() <= now);
  }

  private void assertSame(HalfEdges halves, List<Waiting> list, int seed, int step) {
    assertThat(halves.needy() + halves.apart())
        .as("size, seed %d, step %d", seed, step)
        .isEqualTo(list.size());
    assertThat(halves.oldest())
        .as("oldest, seed %d, step %d", seed, step)
        .isEqualTo(list.isEmpty() ? -1 : list.get(0).address());
    for (Waiting half : list) {
      halves.show(half.address(), shown);
      assertThat(shown.peerLength()).isEqualTo(half.peer().length());
      assertThat(shown.isClientSide()).isEqualTo(half.client());
      assertThat(halves.expiryMillis(half.address())).isEqualTo(half.expiry());
    }
  }

  private static Waiting first(List<Waiting> list, String key, boolean client) {
    return list.stream()
        .filter(half -> half.client() == client && half.key().equals(key))
        .filter(half -> !half.peer().isEmpty())
        .findFirst()
        .orElse(null);
  }

  /** One whose service has a name if its peer has. */
  private HalfEdge half(String key, boolean client, String peer) {
    byte[] node = {1, 's'};
    ByteWriter bytes = new ByteWriter(64);
    HalfEdge.begin(bytes, client ? HalfEdge.CLIENT : HalfEdge.SERVER, 0, 5, 6)
        .prefixed(new byte[] {'t'})
        .prefixed(key.getBytes(UTF_8))
        .prefixed(new byte[] {1})
        .prefixed(peer.getBytes(UTF_8))
        .uvarint(peer.isEmpty() ? GraphNodes.NONE : nodes.number(node, 0, node.length));
    return new HalfEdge(nodes).at(bytes.toByteArray(), 0, bytes.length());
  }

  @Test
  void shouldLetThoseThatCameBeforeGoFirstAfterTheWaitBecameShorter() {
    HalfEdges halves = new HalfEdges(nodes);

    halves.add(half("a", true, "s"), 100);
    long later = halves.add(half("b", true, "s"), 60);

    assertThat(halves.expiryMillis(later)).isEqualTo(100);
  }
}
