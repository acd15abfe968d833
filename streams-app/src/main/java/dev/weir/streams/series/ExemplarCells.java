package dev.weir.streams.series;

import dev.weir.schemas.delta.Exemplars;
import java.util.Arrays;

/**
 * The exemplars of a {@link SeriesTable} since its last drain: for each bucket of each entry the
 * number of a cell, and cells only for buckets that something fell into. Not thread-safe.
 */
final class ExemplarCells {
  private static final int HASH = 0;
  private static final int TRACE_HIGH = 1;
  private static final int TRACE_LOW = 2;
  private static final int SPAN = 3;
  private static final int NANOS = 4;
  private static final int END = 5;
  private static final int STRIDE = 6;

  private int[] cellOf = new int[0]; // cell + 1; 0 if there is none

  /**
   * Of each bucket the upper bits of the hash in its cell: they say of nearly all spans that they
   * come too late, and take little enough room to be at hand.
   */
  private short[] tops = new short[0];

  private long[] cells = new long[64 * STRIDE];
  private int size;

  /** Makes room for so many buckets. */
  void reserve(int buckets) {
    int before = cellOf.length;
    cellOf = Arrays.copyOf(cellOf, buckets);
    tops = Arrays.copyOf(tops, buckets);
    Arrays.fill(tops, before, buckets, Short.MAX_VALUE);
  }

  private static short top(long hash) {
    return (short) (hash >> 48);
  }

  /** Whether {@link #offer} could take a span; if not now, it never will. */
  boolean couldTake(int bucket, SpanIds ids) {
    return ids.isPresent() && top(ids.hash()) <= tops[bucket] && goesFirst(bucket, ids.hash());
  }

  private boolean goesFirst(int bucket, long hash) {
    int cell = cellOf[bucket] - 1;
    return cell < 0 || hash <= cells[cell * STRIDE];
  }

  /** Takes a span if it goes before the one that its bucket has. */
  void offer(int bucket, SpanIds ids, long nanos) {
    if (!ids.isPresent()) {
      return;
    }
    long hash = ids.hash();
    int cell = cellOf[bucket] - 1;
    if (cell < 0) {
      cellOf[bucket] = size + 1;
      tops[bucket] = top(hash);
      put(newCell(), hash, ids, nanos);
    } else if (hash < cells[cell * STRIDE]
        || (hash == cells[cell * STRIDE] && goesBefore(cell * STRIDE, ids, nanos))) {
      tops[bucket] = top(hash);
      put(cell * STRIDE, hash, ids, nanos);
    }
  }

  private int newCell() {
    if ((size + 1) * STRIDE > cells.length) {
      cells = Arrays.copyOf(cells, cells.length * 2);
    }
    return size++ * STRIDE;
  }

  private void put(int at, long hash, SpanIds ids, long nanos) {
    cells[at + HASH] = hash;
    cells[at + TRACE_HIGH] = ids.traceHigh();
    cells[at + TRACE_LOW] = ids.traceLow();
    cells[at + SPAN] = ids.span();
    cells[at + NANOS] = nanos;
    cells[at + END] = ids.endMillis();
  }

  /** The order of {@link Exemplars} where hashes are equal. */
  private boolean goesBefore(int at, SpanIds ids, long nanos) {
    int order = Long.compare(ids.traceHigh(), cells[at + TRACE_HIGH]);
    order = order != 0 ? order : Long.compare(ids.traceLow(), cells[at + TRACE_LOW]);
    order = order != 0 ? order : Long.compare(ids.span(), cells[at + SPAN]);
    order = order != 0 ? order : Long.compare(nanos, cells[at + NANOS]);
    order = order != 0 ? order : Long.compare(ids.endMillis(), cells[at + END]);
    return order < 0;
  }

  /** Moves the exemplars of consecutive buckets to where they are handed over from. */
  void take(int firstBucket, int buckets, Exemplars into) {
    for (int i = 0; i < buckets; i++) {
      int at = (cellOf[firstBucket + i] - 1) * STRIDE;
      if (at >= 0) {
        cellOf[firstBucket + i] = 0;
        tops[firstBucket + i] = Short.MAX_VALUE;
        into.offer(
            i,
            cells[at + TRACE_HIGH],
            cells[at + TRACE_LOW],
            cells[at + SPAN],
            cells[at + NANOS],
            cells[at + END]);
      }
    }
  }

  /** Forgets all cells, when all were taken. */
  void clear() {
    size = 0;
  }
}
