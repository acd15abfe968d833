package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One batch of half edges that outlives a commit, in the layout of {@link ServiceGraph}. Not
 * thread-safe.
 */
final class HalfEdgeBatch {
  static final int VERSION = 3;

  /** As long as nothing has a weight an older program can read it, too. */
  private static final int WITHOUT_WEIGHTS = 2;

  private final long number;
  private final List<String> dimensions;
  private final ByteWriter halves = new ByteWriter(1024);
  private final ByteWriter closed = new ByteWriter(64);
  private boolean hasWeights;
  private int halfCount;
  private int closedCount;

  /**
   * @param dimensions what the values of half edges are of
   */
  HalfEdgeBatch(long number, List<String> dimensions) {
    this.number = number;
    this.dimensions = dimensions;
  }

  long number() {
    return number;
  }

  boolean isEmpty() {
    return halfCount == 0 && closedCount == 0;
  }

  /** Bytes so far. */
  int size() {
    return halves.length() + closed.length();
  }

  /** Adds a half edge that waits; returns its place. */
  int half(long expiryMillis, HalfEdge half) {
    hasWeights |= half.has(HalfEdge.WEIGHTED);
    halves.fixed64(expiryMillis).prefixed(half.bytes(), half.offset(), half.length());
    return halfCount++;
  }

  /** Says that a half edge of an earlier batch waits no longer. */
  void closed(long batch, long place) {
    closed.uvarint(number - batch).uvarint(place);
    closedCount++;
  }

  byte[] toByteArray() {
    ByteWriter batch =
        new ByteWriter(size() + 16)
            .u8(hasWeights ? VERSION : WITHOUT_WEIGHTS)
            .uvarint(dimensions.size());
    for (String dimension : dimensions) {
      batch.prefixed(dimension.getBytes(StandardCharsets.UTF_8));
    }
    return batch
        .uvarint(halfCount)
        .raw(halves.bytes(), 0, halves.length())
        .uvarint(closedCount)
        .raw(closed.bytes(), 0, closed.length())
        .toByteArray();
  }
}
