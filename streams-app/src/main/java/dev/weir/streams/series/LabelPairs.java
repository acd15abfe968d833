package dev.weir.streams.series;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/**
 * Names and values of labels, each pair of them once. Label sets consist of few different ones, so
 * that the numbers of its pairs take a tenth of the room of the label set itself. Not thread-safe.
 */
final class LabelPairs {
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final ByteWriter arena = new ByteWriter(1024);
  private final ByteReader reader = new ByteReader();
  private int size;
  private int[] offsets = new int[32];
  private int[] slots = new int[64]; // number + 1; 0 if free

  /** Writes the numbers of a label set's pairs. */
  void write(ByteWriter labels, ByteWriter numbers) {
    reader.reset(labels.bytes(), 0, labels.length());
    while (reader.hasMore()) {
      int from = reader.position();
      reader.skip(reader.uvarint31());
      reader.skip(reader.uvarint31());
      numbers.uvarint(number(labels.bytes(), from, reader.position() - from));
    }
  }

  /** The label set whose pairs have these numbers; it replaces what {@code labels} has. */
  void read(byte[] numbers, int offset, int length, ByteWriter labels) {
    labels.truncate(0);
    reader.reset(numbers, offset, length);
    while (reader.hasMore()) {
      int number = reader.uvarint31();
      labels.raw(arena.bytes(), offsets[number], end(number) - offsets[number]);
    }
  }

  /** A pair ends where the next one begins. */
  private int end(int number) {
    return number + 1 < size ? offsets[number + 1] : arena.length();
  }

  private int number(byte[] pair, int offset, int length) {
    int mask = slots.length - 1;
    int slot = (int) HASHER.hashBytesToLong(pair, offset, length) & mask;
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
      int number = slots[slot] - 1;
      if (Arrays.equals(
          arena.bytes(), offsets[number], end(number), pair, offset, offset + length)) {
        return number;
      }
    }
    slots[slot] = size + 1;
    return insert(pair, offset, length);
  }

  private int insert(byte[] pair, int offset, int length) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size + size / 4);
    }
    offsets[size] = arena.length();
    arena.raw(pair, offset, length);
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

  /** Bytes of all pairs. */
  int bytes() {
    return arena.length();
  }

  /** Forgets all pairs; no number is valid any more. */
  void clear() {
    arena.truncate(0);
    size = 0;
    Arrays.fill(slots, 0);
  }
}
