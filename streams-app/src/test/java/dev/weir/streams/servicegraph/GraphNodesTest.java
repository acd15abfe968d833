package dev.weir.streams.servicegraph;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GraphNodesTest {
  private final GraphNodes nodes = new GraphNodes();

  @Test
  void shouldGiveEqualNodesTheSameNumber() {
    int shop = number("shop");

    assertThat(number("cart")).isNotEqualTo(shop);
    assertThat(number("shop")).isEqualTo(shop);
    assertThat(service(shop)).isEqualTo("shop");
    assertThat(nodes.size()).isEqualTo(2);
  }

  @Test
  void shouldKnowTheNodeWithoutAnything() {
    assertThat(number("")).isEqualTo(GraphNodes.NONE);
    assertThat(nodes.get(GraphNodes.NONE).serviceLength()).isZero();
    assertThat(nodes.size()).isZero();
  }

  @Test
  void shouldKeepItsGenerationWhileNothingIsForgotten() {
    for (int i = 0; i < 20; i++) {
      nodes.acquire(number("shop" + i));
    }

    nodes.sweep();

    assertThat(nodes.size()).isEqualTo(20);
    assertThat(nodes.generation()).isZero();
  }

  @Test
  void shouldDoAsAMapDoes() {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Integer> held = new HashMap<>();
    for (int step = 0; step < 3_000; step++) {
      String service = "s" + random.nextInt(400);
      int number = number(service);
      assertThat(service(number)).isEqualTo(service);
      if (held.containsKey(service)) {
        assertThat(number).isEqualTo(held.get(service));
      }
      if (random.nextInt(3) > 0) {
        held.put(service, number);
      } else {
        held.remove(service);
      }
      if (random.nextInt(10) == 0) {
        sweep(held);
      }
    }
    assertThat(nodes.generation()).isPositive();
  }

  /** Numbers that are held mean the same after it. */
  private void sweep(Map<String, Integer> held) {
    int before = nodes.generation();
    held.values().forEach(nodes::acquire);
    nodes.sweep();
    held.values().forEach(nodes::release);
    held.forEach((service, number) -> assertThat(service(number)).isEqualTo(service));
    if (nodes.generation() > before) {
      assertThat(nodes.size()).isEqualTo(held.size());
    }
  }

  @Test
  void shouldListEachNodeOnce() {
    NodeList list = new NodeList(nodes);
    int shop = number("shop");
    int cart = number("cart");

    assertThat(list.place(cart)).isEqualTo(1);
    assertThat(list.place(GraphNodes.NONE)).isZero();
    assertThat(list.place(shop)).isEqualTo(2);
    assertThat(list.place(cart)).isEqualTo(1);

    assertThat(written(list)).containsExactly("cart", "shop");
    list.clear();
    assertThat(written(list)).isEmpty();
    assertThat(list.place(shop)).isEqualTo(1);
  }

  private static String[] written(NodeList list) {
    ByteWriter bytes = new ByteWriter(16);
    list.writeTo(bytes);
    ByteReader reader = new ByteReader().reset(bytes.toByteArray());
    String[] services = new String[reader.uvarint31()];
    for (int i = 0; i < services.length; i++) {
      services[i] = new String(new ByteReader().reset(reader.prefixed()).prefixed(), UTF_8);
    }
    assertThat(reader.hasMore()).isFalse();
    return services;
  }

  private int number(String service) {
    ByteWriter node = new ByteWriter(16);
    byte[] bytes = service.getBytes(US_ASCII);
    GraphNode.begin(node, bytes, 0, bytes.length);
    return nodes.number(node.bytes(), 0, node.length());
  }

  private String service(int number) {
    GraphNode node = nodes.get(number);
    return new String(node.bytes(), node.serviceOffset(), node.serviceLength(), UTF_8);
  }
}
