package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteWriter;

/**
 * One batch of half edges that outlives a commit, in the layout of {@link ServiceGraph}. Reused
 * from batch to batch; not thread-safe.
 */
final class HalfEdgeBatch {
  static final int VERSION = 5;

  private final NodeList nodes;
  private final ByteWriter halves = new ByteWriter(1024);
  private final ByteWriter closed = new ByteWriter(64);
  private final ByteWriter marked = new ByteWriter(64);
  private int halfCount;
  private int closedCount;
  private int markedCount;
  private long number;

  /**
   * @param nodes those that half edges refer to
   */
  HalfEdgeBatch(GraphNodes nodes) {
    this.nodes = new NodeList(nodes);
  }

  /** Begins with nothing. */
  HalfEdgeBatch begin(long number) {
    this.number = number;
    nodes.clear();
    halves.truncate(0);
    closed.truncate(0);
    marked.truncate(0);
    halfCount = 0;
    closedCount = 0;
    markedCount = 0;
    return this;
  }

  long number() {
    return number;
  }

  boolean isEmpty() {
    return halfCount == 0 && closedCount == 0 && markedCount == 0;
  }

  /** Bytes so far. */
  int size() {
    return nodes.length() + halves.length() + closed.length() + marked.length();
  }

  /** Adds a half edge; returns its place. */
  int half(long expiryMillis, HalfEdge half) {
    half.writeTo(halves.fixed64(expiryMillis), nodes);
    return halfCount++;
  }

  /** Says that a half edge of an earlier batch is gone. */
  void closed(long batch, int place) {
    closed.uvarint(number - batch).uvarint(place);
    closedCount++;
  }

  /** Says that a half edge of an earlier batch got flags. */
  void marked(long batch, int place, int flags) {
    marked.uvarint(number - batch).uvarint(place).u8(flags);
    markedCount++;
  }

  byte[] toByteArray() {
    ByteWriter batch = new ByteWriter(size() + 20).u8(VERSION);
    nodes.writeTo(batch);
    return batch
        .uvarint(halfCount)
        .raw(halves.bytes(), 0, halves.length())
        .uvarint(closedCount)
        .raw(closed.bytes(), 0, closed.length())
        .uvarint(markedCount)
        .raw(marked.bytes(), 0, marked.length())
        .toByteArray();
  }
}
