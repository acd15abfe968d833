package dev.weir.streams.series;

import dev.weir.schemas.delta.NativeHistogram;
import java.util.Arrays;

/**
 * The buckets of the native histograms of a {@link SeriesTable} since its last drain: only those
 * that something fell into, as cells that are found by histogram and index, and that are chained to
 * the others of their histogram. Not thread-safe.
 */
final class NativeCells {
  private static final int ZERO = Integer.MIN_VALUE;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final ExponentialBuckets buckets;
  private int size;
  private int[] slots = new int[128]; // cell + 1; 0 is free
  private long[] keys = new long[64]; // histogram, index
  private long[] low = new long[64];
  private long[] high = new long[64];
  private int[] next = new int[64]; // cell + 1
  private int[] heads = new int[64]; // by histogram, cell + 1

  NativeCells(int schema) {
    this.buckets = new ExponentialBuckets(schema);
  }

  /**
   * Adds to the bucket of an observation.
   *
   * @param histogram a number of the caller's choice, small
   * @param nanos unsigned
   */
  void add(int histogram, long nanos, long weightHigh, long weightLow) {
    int cell = cell(histogram, nanos == 0 ? ZERO : buckets.indexOf(nanos));
    long sum = low[cell] + weightLow;
    high[cell] += weightHigh + (Long.compareUnsigned(sum, weightLow) < 0 ? 1 : 0);
    low[cell] = sum;
  }

  private int cell(int histogram, int index) {
    long key = ((long) histogram << 32) | (index & 0xFFFFFFFFL);
    int mask = slots.length - 1;
    int slot = slot(key, mask);
    while (slots[slot] != 0) {
      if (keys[slots[slot] - 1] == key) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = size + 1;
    return insert(histogram, key);
  }

  private static int slot(long key, int mask) {
    return (int) ((key * MULTIPLIER) >>> 40) & mask;
  }

  private int insert(int histogram, long key) {
    int cell = size++;
    keys[cell] = key;
    if (histogram >= heads.length) {
      heads = Arrays.copyOf(heads, Math.max(histogram + 1, heads.length * 2));
    }
    next[cell] = heads[histogram];
    heads[histogram] = cell + 1;
    if (size == keys.length) {
      grow();
    }
    return cell;
  }

  private void grow() {
    int capacity = size * 2;
    keys = Arrays.copyOf(keys, capacity);
    low = Arrays.copyOf(low, capacity);
    high = Arrays.copyOf(high, capacity);
    next = Arrays.copyOf(next, capacity);
    slots = new int[capacity * 2];
    int mask = slots.length - 1;
    for (int cell = 0; cell < size; cell++) {
      int slot = slot(keys[cell], mask);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = cell + 1;
    }
  }

  /** Moves a histogram's buckets to where they are handed over from. */
  void take(int histogram, NativeHistogram into) {
    into.begin(buckets.schema());
    int first = histogram < heads.length ? heads[histogram] : 0;
    for (int cell = first - 1; cell >= 0; cell = next[cell] - 1) {
      int index = (int) keys[cell];
      if (index == ZERO) {
        into.addZero(high[cell], low[cell]);
      } else {
        into.add(index, high[cell], low[cell]);
      }
    }
    if (first > 0) {
      heads[histogram] = 0;
    }
  }

  /** Forgets all cells, when all histograms were taken. */
  void clear() {
    Arrays.fill(slots, 0);
    Arrays.fill(low, 0, size, 0);
    Arrays.fill(high, 0, size, 0);
    size = 0;
  }
}
