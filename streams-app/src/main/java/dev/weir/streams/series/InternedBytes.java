package dev.weir.streams.series;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/** Sequences of bytes, each of them once and under a number, from 0 on. Not thread-safe. */
public final class InternedBytes {
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final ByteWriter arena = new ByteWriter(1024);
  private int size;
  private int[] offsets = new int[32];
  private int[] slots = new int[64]; // number + 1; 0 if free

  /** The number of a sequence, which it is given if it has none. */
  public int number(byte[] buffer, int offset, int length) {
    int mask = slots.length - 1;
    int slot = (int) HASHER.hashBytesToLong(buffer, offset, length) & mask;
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
      int number = slots[slot] - 1;
      if (Arrays.equals(
          arena.bytes(), offsets[number], end(number), buffer, offset, offset + length)) {
        return number;
      }
    }
    slots[slot] = size + 1;
    return insert(buffer, offset, length);
  }

  /** Appends the sequence of that number. */
  void append(int number, ByteWriter to) {
    to.raw(arena.bytes(), offsets[number], end(number) - offsets[number]);
  }

  /** A sequence ends where the next one begins. */
  private int end(int number) {
    return number + 1 < size ? offsets[number + 1] : arena.length();
  }

  private int insert(byte[] buffer, int offset, int length) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size + size / 4);
    }
    offsets[size] = arena.length();
    arena.raw(buffer, offset, length);
    size++;
    if (size > slots.length / 4 * 3) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int number = 0; number < size; number++) {
      int length = end(number) - offsets[number];
      int slot = (int) HASHER.hashBytesToLong(arena.bytes(), offsets[number], length) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = number + 1;
    }
  }

  /** Bytes of all sequences. */
  public int bytes() {
    return arena.length();
  }

  /** Forgets all sequences; no number is valid any more. */
  public void clear() {
    arena.truncate(0);
    size = 0;
    Arrays.fill(slots, 0);
  }
}
