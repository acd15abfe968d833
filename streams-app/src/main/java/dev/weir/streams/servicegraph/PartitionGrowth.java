package dev.weir.streams.servicegraph;

import dev.weir.schemas.key.TracePartition;
import dev.weir.schemas.layout.ByteReader;

/**
 * The last time that traces began to be spread over more partitions. The halves of an edge whose
 * trace hashes to another partition since may lie on both sides of that moment, in different
 * partitions, and then never meet.
 *
 * @param atMillis when, in record time; Unix milliseconds
 * @param before partitions until then; 0 if there never was such a time
 * @param after partitions since then
 */
public record PartitionGrowth(long atMillis, int before, int after) {
  /** The number of partitions never changed. */
  public static final PartitionGrowth NONE = new PartitionGrowth(0, 0, 0);

  /** How long it may take until every writer of spans has heard of the new number. */
  private static final long SPREAD_MILLIS = 60_000;

  /** Growth within such a time is taken as one: some writers may not have heard of the first. */
  private static final long ONE_GROWTH_MILLIS = 600_000;

  /**
   * This one and another one after it. If it follows soon, traces that the first one moved may be
   * parted still, so it is one that began with fewer partitions.
   */
  public PartitionGrowth followedBy(PartitionGrowth next) {
    boolean isOne = before > 0 && next.atMillis - atMillis <= ONE_GROWTH_MILLIS;
    return new PartitionGrowth(next.atMillis, isOne ? before : next.before, next.after);
  }

  /**
   * Whether the other half of one that waited in vain may be in another partition.
   *
   * @param waitMillis how long it waited
   */
  boolean parted(HalfEdge half, long expiryMillis, long waitMillis) {
    boolean waitedThen =
        before > 0
            && expiryMillis > atMillis
            && expiryMillis - atMillis <= 2 * waitMillis + SPREAD_MILLIS;
    return waitedThen && !half.has(HalfEdge.ROOT) && movesTrace(half);
  }

  private boolean movesTrace(HalfEdge half) {
    ByteReader key = new ByteReader().reset(half.bytes(), half.keyOffset(), half.keyLength());
    byte[] tenant = key.prefixed();
    int length = key.uvarint31();
    int offset = key.skip(length);
    return TracePartition.of(tenant, half.bytes(), offset, length, before)
        != TracePartition.of(tenant, half.bytes(), offset, length, after);
  }
}
