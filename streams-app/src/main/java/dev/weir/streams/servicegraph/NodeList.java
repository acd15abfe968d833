package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/**
 * The nodes that the half edges of one batch or bundle belong to, in the order in which they came:
 * the first one is 1, and 0 is {@link GraphNode#NONE}. Layout: how many; each behind its length.
 * Reused by {@link #clear}; not thread-safe.
 */
final class NodeList {
  private final GraphNodes nodes;
  private final ByteWriter listed = new ByteWriter(256);
  private int[] places = new int[16]; // by number; 0 if it is not in the list
  private int[] numbers = new int[16];
  private int size;

  NodeList(GraphNodes nodes) {
    this.nodes = nodes;
  }

  /** The place of a node in the list, to which it is added if need be. */
  int place(int number) {
    if (number == GraphNodes.NONE) {
      return 0;
    }
    if (number >= places.length) {
      places = Arrays.copyOf(places, Math.max(number + 1, places.length * 2));
    }
    return places[number] > 0 ? places[number] : add(number);
  }

  private int add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    numbers[size++] = number;
    places[number] = size;
    listed.prefixed(nodes.get(number).bytes());
    return size;
  }

  /** Bytes so far. */
  int length() {
    return listed.length();
  }

  void writeTo(ByteWriter to) {
    to.uvarint(size).raw(listed.bytes(), 0, listed.length());
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      places[numbers[i]] = 0;
    }
    size = 0;
    listed.truncate(0);
  }
}
