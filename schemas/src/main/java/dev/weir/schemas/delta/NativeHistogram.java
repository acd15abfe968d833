package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.Arrays;

/**
 * A histogram with exponential buckets, as Prometheus's native ones: bucket i of schema s holds
 * what is above 2^((i−1)·2⁻ˢ) and up to 2^(i·2⁻ˢ) seconds; what is 0 has a bucket of its own. Only
 * buckets that hold something are there. When two are added the coarser schema holds, which does
 * not depend on the order.
 *
 * <p>Layout: schema + 4 (one byte); window since which it counts, 0 in deltas; sum and zero bucket
 * as unsigned 128-bit numbers; number of buckets; for each its distance to the one before (the
 * first: its index), zigzag, and its count. Numbers are {@code uvarint}s. Not thread-safe.
 */
public final class NativeHistogram {
  /** The coarsest resolution there is. */
  public static final int MIN_SCHEMA = -4;

  /** The finest resolution there is. */
  public static final int MAX_SCHEMA = 8;

  private static final int SUM = 0;
  private static final int ZERO = 1;

  private int schema = MAX_SCHEMA;
  private long since;
  private int size;
  private int[] indices = new int[8];
  private Amounts counts = new Amounts(8);
  private final Amounts sumAndZero = new Amounts(2);

  /** The resolution. */
  public int schema() {
    return schema;
  }

  /** The window since which it counts. */
  public long since() {
    return since;
  }

  /** Sets the window since which it counts. */
  public void countSince(long window) {
    since = window;
  }

  /** How many buckets there are, the one for 0 apart. */
  public int buckets() {
    return size;
  }

  /** The index of a bucket; buckets are in order. */
  public int index(int bucket) {
    return indices[bucket];
  }

  /** The counts; those of the buckets are in front. */
  public Amounts counts() {
    return counts;
  }

  /** Sum of observations in nanoseconds, and count of those that are 0. */
  public Amounts sumAndZero() {
    return sumAndZero;
  }

  /** Whether nothing was observed. */
  public boolean isEmpty() {
    return size == 0 && sumAndZero.isZero(ZERO);
  }

  /** Forgets everything. */
  public void clear() {
    schema = MAX_SCHEMA;
    since = 0;
    size = 0;
    counts.clear();
    sumAndZero.clear();
  }

  /** Begins an empty one with a resolution. */
  public void begin(int ofSchema) {
    clear();
    schema = ofSchema;
  }

  /** Adds to the sum. */
  public void addSum(long high, long low) {
    sumAndZero.add(SUM, high, low);
  }

  /** Adds to the count of what is 0. */
  public void addZero(long high, long low) {
    sumAndZero.add(ZERO, high, low);
  }

  /** Adds to the bucket with that index of this schema. */
  public void add(int index, long high, long low) {
    int place = place(index); // may replace the counts
    counts.add(place, high, low);
  }

  private int place(int index) {
    int found = Arrays.binarySearch(indices, 0, size, index);
    if (found >= 0) {
      return found;
    }
    int place = -found - 1;
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, size * 2);
      counts = counts.copyOf(size * 2);
    }
    System.arraycopy(indices, place, indices, place + 1, size - place);
    counts.insert(place, size);
    indices[place] = index;
    size++;
    return place;
  }

  /** Adds another one. */
  public void add(NativeHistogram other) {
    if (other.isEmpty()) {
      return;
    }
    if (isEmpty()) {
      schema = other.schema;
      since = Math.max(since, other.since);
    }
    lowerTo(Math.min(schema, other.schema));
    sumAndZero.add(other.sumAndZero);
    int shift = other.schema - schema;
    for (int bucket = 0; bucket < other.size; bucket++) {
      int place = place(lowered(other.indices[bucket], shift));
      counts.addEntry(place, other.counts, bucket);
    }
  }

  /** How many buckets there would be if another one were added. */
  public int bucketsWith(NativeHistogram other) {
    NativeHistogram sum = new NativeHistogram();
    sum.add(this);
    sum.add(other);
    return sum.size;
  }

  /** Makes the resolution coarser, if it is finer than that. */
  public void lowerTo(int wanted) {
    int shift = schema - wanted;
    if (shift <= 0) {
      return;
    }
    int[] before = indices;
    Amounts countsBefore = counts;
    int sizeBefore = size;
    indices = new int[before.length];
    counts = new Amounts(before.length);
    size = 0;
    schema = wanted;
    for (int bucket = 0; bucket < sizeBefore; bucket++) {
      int place = place(lowered(before[bucket], shift));
      counts.addEntry(place, countsBefore, bucket);
    }
  }

  /** A bucket's upper bound is within the bucket that takes its place. */
  private static int lowered(int index, int shift) {
    return (index + (1 << shift) - 1) >> shift;
  }

  /** Multiplies all amounts by a power of 2. */
  void shiftLeft(int bits) {
    counts.shiftLeft(bits);
    sumAndZero.shiftLeft(bits);
  }

  /** Writes the layout above. */
  public void write(ByteWriter writer) {
    writer.u8(schema - MIN_SCHEMA).uvarint(since);
    sumAndZero.writeEntry(SUM, writer);
    sumAndZero.writeEntry(ZERO, writer);
    writer.uvarint(size);
    int previous = 0;
    for (int bucket = 0; bucket < size; bucket++) {
      int distance = indices[bucket] - previous;
      counts.writeEntry(bucket, writer.uvarint((distance << 1 ^ distance >> 31) & 0xFFFFFFFFL));
      previous = indices[bucket];
    }
  }

  /** Reads the layout above. */
  static NativeHistogram read(ByteReader reader) {
    NativeHistogram read = new NativeHistogram();
    read.schema = reader.u8() + MIN_SCHEMA;
    if (read.schema > MAX_SCHEMA) {
      throw new CorruptLayoutException(
          "schema %d of a histogram, before byte %d".formatted(read.schema, reader.position()));
    }
    read.since = reader.uvarint();
    long sum = reader.uvarint128();
    read.addSum(reader.high(), sum);
    long zero = reader.uvarint128();
    read.addZero(reader.high(), zero);
    int buckets = reader.uvarint31();
    int index = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      int distance = (int) reader.uvarint();
      index += distance >>> 1 ^ -(distance & 1);
      long count = reader.uvarint128();
      read.add(index, reader.high(), count);
    }
    return read;
  }
}
