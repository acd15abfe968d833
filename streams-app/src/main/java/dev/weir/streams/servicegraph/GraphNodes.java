package dev.weir.streams.servicegraph;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;

/**
 * The nodes that the half edges of one partition belong to, each under a number, so that what many
 * half edges have in common is kept once. A number is valid until {@link #sweep}, and after it if a
 * half edge refers to it. Not thread-safe.
 */
public final class GraphNodes {
  /** The number of {@link GraphNode#NONE}. */
  static final int NONE = 0;

  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private static final int SWEEP_AT_LEAST = 8;

  private GraphNode[] nodes = new GraphNode[16]; // NONE where a number is free
  private long[] hashes = new long[16];
  private int[] references = new int[16];
  private int[] slots = new int[32]; // number; 0 if free
  private int[] free = new int[16];
  private int freeCount;
  private int end = 1;
  private int size;
  private int sweepAt = SWEEP_AT_LEAST;
  private int generation;

  /** None but {@link GraphNode#NONE}. */
  public GraphNodes() {
    nodes[NONE] = GraphNode.NONE;
  }

  /** As long as this stays, every number means what it meant. */
  int generation() {
    return generation;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  GraphNode get(int number) {
    return nodes[number];
  }

  /** The number of the node whose layout stands there; it gets one if it has none. */
  int number(byte[] buffer, int offset, int length) {
    if (length == 1 && buffer[offset] == 0) {
      return NONE;
    }
    long hash = HASHER.hashBytesToLong(buffer, offset, length);
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int number = slots[slot];
      if (hashes[number] == hash && isEqual(nodes[number].bytes(), buffer, offset, length)) {
        return number;
      }
    }
    return add(new GraphNode(Arrays.copyOfRange(buffer, offset, offset + length)), hash);
  }

  private static boolean isEqual(byte[] node, byte[] buffer, int offset, int length) {
    return Arrays.equals(node, 0, node.length, buffer, offset, offset + length);
  }

  private int add(GraphNode node, long hash) {
    int number = freeCount > 0 ? free[--freeCount] : end++;
    if (number == nodes.length) {
      grow();
    }
    nodes[number] = node;
    hashes[number] = hash;
    references[number] = 0;
    size++;
    enter(number);
    return number;
  }

  private void grow() {
    int capacity = nodes.length * 2;
    nodes = Arrays.copyOf(nodes, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    references = Arrays.copyOf(references, capacity);
    free = Arrays.copyOf(free, capacity);
    slots = new int[capacity * 2];
    for (int number = 1; number < capacity / 2; number++) {
      enter(number); // it grows when all numbers are taken
    }
  }

  private void enter(int number) {
    int mask = slots.length - 1;
    int slot = (int) hashes[number] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = number;
  }

  /** Another half edge refers to it. */
  void acquire(int number) {
    references[number]++;
  }

  /** One half edge less refers to it. */
  void release(int number) {
    references[number]--;
  }

  /**
   * Forgets those that no half edge refers to, if there are many more than after the sweep before.
   * To be called where nobody holds numbers but half edges, and those who look at {@link
   * #generation}.
   */
  void sweep() {
    if (size < sweepAt) {
      return;
    }
    int before = size;
    Arrays.fill(slots, 0);
    for (int number = 1; number < end; number++) {
      if (references[number] > 0) {
        enter(number);
      } else if (nodes[number] != GraphNode.NONE) {
        forget(number);
      }
    }
    generation += size < before ? 1 : 0;
    sweepAt = Math.max(SWEEP_AT_LEAST, 2 * size);
  }

  private void forget(int number) {
    nodes[number] = GraphNode.NONE;
    free[freeCount++] = number;
    size--;
  }
}
