package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/**
 * One span for each bucket that grew: of all of them the one with the smallest hash of its ids, so
 * that the choice depends neither on the order nor on who made it. Buckets of all histograms of a
 * label set are numbered through.
 *
 * <p>Layout: how many there are; for each, in order, its distance to the bucket before (the first:
 * its number), trace id (16 bytes), span id (8 bytes, 0 for none), the observed nanoseconds, and
 * the span's end in Unix milliseconds. Numbers are {@code uvarint}s unless they are ids. Not
 * thread-safe.
 */
public final class Exemplars {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int TRACE_HIGH = 0;
  private static final int TRACE_LOW = 1;
  private static final int SPAN = 2;
  private static final int NANOS = 3;
  private static final int END = 4;
  private static final int STRIDE = 5;

  private int size;
  private int[] buckets = new int[4];
  private long[] fields = new long[4 * STRIDE];
  private final long[] offered = new long[STRIDE];

  /** The hash that decides; the smallest one, signed, is taken. */
  public static long hash(long traceHigh, long traceLow, long span) {
    long mixed = (traceHigh + 31 * traceLow ^ span) * MULTIPLIER;
    return mixed ^ mixed >>> 32;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The bucket of one. */
  public int bucket(int index) {
    return buckets[index];
  }

  /** The upper half of a trace id. */
  public long traceHigh(int index) {
    return fields[index * STRIDE + TRACE_HIGH];
  }

  /** The lower half of a trace id. */
  public long traceLow(int index) {
    return fields[index * STRIDE + TRACE_LOW];
  }

  /** A span id; 0 for none. */
  public long span(int index) {
    return fields[index * STRIDE + SPAN];
  }

  /** What was observed, in nanoseconds, unsigned. */
  public long nanos(int index) {
    return fields[index * STRIDE + NANOS];
  }

  /** When the span ended, Unix milliseconds. */
  public long endMillis(int index) {
    return fields[index * STRIDE + END];
  }

  /** The hash of one. */
  public long hash(int index) {
    return hash(traceHigh(index), traceLow(index), span(index));
  }

  /** Forgets all. */
  public void clear() {
    size = 0;
  }

  /** Takes a span if it goes before the one that its bucket has. */
  public void offer(
      int bucket, long traceHigh, long traceLow, long span, long nanos, long endMillis) {
    offered[TRACE_HIGH] = traceHigh;
    offered[TRACE_LOW] = traceLow;
    offered[SPAN] = span;
    offered[NANOS] = nanos;
    offered[END] = endMillis;
    int found = Arrays.binarySearch(buckets, 0, size, bucket);
    if (found < 0) {
      insert(-found - 1, bucket);
    } else if (goesBefore(found)) {
      System.arraycopy(offered, 0, fields, found * STRIDE, STRIDE);
    }
  }

  private void insert(int place, int bucket) {
    if (size == buckets.length) {
      buckets = Arrays.copyOf(buckets, size * 2);
      fields = Arrays.copyOf(fields, size * 2 * STRIDE);
    }
    System.arraycopy(buckets, place, buckets, place + 1, size - place);
    int from = place * STRIDE;
    System.arraycopy(fields, from, fields, from + STRIDE, (size - place) * STRIDE);
    buckets[place] = bucket;
    System.arraycopy(offered, 0, fields, from, STRIDE);
    size++;
  }

  /** By hash; of equal ones by everything else, so that there is always one that goes first. */
  private boolean goesBefore(int index) {
    long ours = hash(offered[TRACE_HIGH], offered[TRACE_LOW], offered[SPAN]);
    int byHash = Long.compare(ours, hash(index));
    return byHash != 0
        ? byHash < 0
        : Arrays.compare(offered, 0, STRIDE, fields, index * STRIDE, (index + 1) * STRIDE) < 0;
  }

  /** Takes all of another one, where they go before these. */
  public void add(Exemplars other) {
    for (int i = 0; i < other.size; i++) {
      offer(
          other.buckets[i],
          other.traceHigh(i),
          other.traceLow(i),
          other.span(i),
          other.nanos(i),
          other.endMillis(i));
    }
  }

  /** Writes the layout above. */
  void write(ByteWriter writer) {
    writer.uvarint(size);
    int previous = 0;
    for (int i = 0; i < size; i++) {
      writer
          .uvarint(buckets[i] - previous)
          .fixed64(traceHigh(i))
          .fixed64(traceLow(i))
          .fixed64(span(i))
          .uvarint(nanos(i))
          .uvarint(endMillis(i));
      previous = buckets[i];
    }
  }

  /** Reads the layout above and takes what it holds. */
  void addFrom(ByteReader reader) {
    int count = reader.uvarint31();
    int bucket = 0;
    for (int i = 0; i < count; i++) {
      bucket += reader.uvarint31();
      offer(
          bucket,
          reader.fixed64(),
          reader.fixed64(),
          reader.fixed64(),
          reader.uvarint(),
          reader.uvarint());
    }
  }
}
