package dev.weir.schemas.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A fixed set of attribute keys that are looked for in bytes, in the order of preference given.
 * Immutable, thread-safe.
 */
public final class AttributeKeys {
  private final byte[][] keys;
  private final int[] slots;
  private final int mask;

  /** Bit n is set if a key has n bytes, or n more than a multiple of 64. */
  private final long lengths;

  /**
   * @param keys exact keys, without duplicates
   */
  public AttributeKeys(List<String> keys) {
    this.keys =
        keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.slots = new int[Integer.highestOneBit(Math.max(4, this.keys.length * 4)) * 2];
    this.mask = slots.length - 1;
    this.lengths =
        Arrays.stream(this.keys).mapToLong(key -> 1L << key.length).reduce(0, (a, b) -> a | b);
    for (int i = 0; i < this.keys.length; i++) {
      int slot = slot(this.keys[i], 0, this.keys[i].length);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = i + 1;
    }
  }

  /** How many keys there are. */
  public int size() {
    return keys.length;
  }

  /**
   * The index of the key that stands in {@code buffer}, or -1 if it is none of these.
   *
   * @param length its length in bytes
   */
  public int indexOf(byte[] buffer, int offset, int length) {
    if ((lengths >>> length & 1) == 0 || length == 0) {
      return -1;
    }
    for (int slot = slot(buffer, offset, length); slots[slot] != 0; slot = (slot + 1) & mask) {
      byte[] key = keys[slots[slot] - 1];
      if (Arrays.equals(key, 0, key.length, buffer, offset, offset + length)) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }

  /**
   * Length and two bytes tell apart all the keys that semantic conventions put together in
   * practice.
   */
  private int slot(byte[] buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    return (length * 31 + buffer[offset + length - 1] * 7 + buffer[offset + length / 2]) & mask;
  }
}
