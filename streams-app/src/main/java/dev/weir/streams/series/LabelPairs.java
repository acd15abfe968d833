package dev.weir.streams.series;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;

/**
 * Names and values of labels, each pair of them once. Label sets consist of few different ones, so
 * that the numbers of its pairs take a tenth of the room of the label set itself. Not thread-safe.
 */
final class LabelPairs {
  private final InternedBytes pairs = new InternedBytes();
  private final ByteReader reader = new ByteReader();

  /** Writes the numbers of a label set's pairs. */
  void write(ByteWriter labels, ByteWriter numbers) {
    reader.reset(labels.bytes(), 0, labels.length());
    while (reader.hasMore()) {
      int from = reader.position();
      reader.skip(reader.uvarint31());
      reader.skip(reader.uvarint31());
      numbers.uvarint(pairs.number(labels.bytes(), from, reader.position() - from));
    }
  }

  /** The label set whose pairs have these numbers; it replaces what {@code labels} has. */
  void read(byte[] numbers, int offset, int length, ByteWriter labels) {
    labels.truncate(0);
    reader.reset(numbers, offset, length);
    while (reader.hasMore()) {
      pairs.append(reader.uvarint31(), labels);
    }
  }

  /** Bytes of all pairs. */
  int bytes() {
    return pairs.bytes();
  }

  /** Forgets all pairs; no number is valid any more. */
  void clear() {
    pairs.clear();
  }
}
