package dev.weir.schemas.otlp;

import java.util.Arrays;

/**
 * Where the values of {@link AttributeKeys} stand in a message: the first occurrence of each key
 * counts, as in Tempo. A value is the slice of an OTLP {@code AnyValue} message. Reused from
 * message to message; not thread-safe.
 */
public final class AttributeValues {
  private final AttributeKeys keys;
  private final int[] offsets;
  private final int[] lengths;
  private byte[] buffer = new byte[0];

  public AttributeValues(AttributeKeys keys) {
    this.keys = keys;
    this.offsets = new int[keys.size()];
    this.lengths = new int[keys.size()];
    clear(buffer);
  }

  /** Forgets what was found; the next values stand in {@code buffer}. */
  public void clear(byte[] buffer) {
    this.buffer = buffer;
    Arrays.fill(offsets, -1);
  }

  /** The bytes that offsets refer to. */
  public byte[] buffer() {
    return buffer;
  }

  /** Whether the key with this index was there, even if without a value. */
  public boolean isPresent(int key) {
    return offsets[key] >= 0;
  }

  /** The index of the first key of the set, in its order, that was there; -1 if none was. */
  public int firstPresent() {
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Where the value of a present key begins. */
  public int offset(int key) {
    return offsets[key];
  }

  /** Bytes of the value of a present key. */
  public int length(int key) {
    return lengths[key];
  }

  AttributeKeys keys() {
    return keys;
  }

  /** Keeps the value of a key unless there was one before. */
  void found(int key, int offset, int length) {
    if (offsets[key] < 0) {
      offsets[key] = offset;
      lengths[key] = length;
    }
  }
}
