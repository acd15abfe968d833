package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteWriter;

/**
 * One batch of half edges that outlives a commit, in the layout of {@link ServiceGraph}. Not
 * thread-safe.
 */
final class HalfEdgeBatch {
  static final int VERSION = 4;

  private final long number;
  private final ByteWriter halves = new ByteWriter(1024);
  private final ByteWriter closed = new ByteWriter(64);
  private final ByteWriter marked = new ByteWriter(64);
  private int halfCount;
  private int closedCount;
  private int markedCount;

  HalfEdgeBatch(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }

  boolean isEmpty() {
    return halfCount == 0 && closedCount == 0 && markedCount == 0;
  }

  /** Bytes so far. */
  int size() {
    return halves.length() + closed.length() + marked.length();
  }

  /** Adds a half edge; returns its place. */
  int half(long expiryMillis, HalfEdge half) {
    halves.fixed64(expiryMillis).prefixed(half.bytes(), half.offset(), half.length());
    return halfCount++;
  }

  /** Says that a half edge of an earlier batch is gone. */
  void closed(long batch, long place) {
    closed.uvarint(number - batch).uvarint(place);
    closedCount++;
  }

  /** Says that a half edge of an earlier batch got flags. */
  void marked(long batch, long place, int flags) {
    marked.uvarint(number - batch).uvarint(place).u8(flags);
    markedCount++;
  }

  byte[] toByteArray() {
    return new ByteWriter(size() + 16)
        .u8(VERSION)
        .uvarint(halfCount)
        .raw(halves.bytes(), 0, halves.length())
        .uvarint(closedCount)
        .raw(closed.bytes(), 0, closed.length())
        .uvarint(markedCount)
        .raw(marked.bytes(), 0, marked.length())
        .toByteArray();
  }
}
