package dev.weir.streams.merge;

import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a shard knows of one label set: what it amounts to at the end of the last closed window, and
 * what it grew by in windows that are still open.
 *
 * <p>Layout (version 2): version; window in which it came to be; last closed window in which it
 * grew (0: none yet); in total, flags (one byte) and {@link Tally}; number of open windows; for
 * each, in order, the window, flags and {@link Tally}. Numbers are {@code uvarint}s, windows
 * counted from the Unix epoch. Version 1 is the same without flags, for as long as none is set. Not
 * thread-safe.
 */
final class SeriesState {
  private static final int VERSION = 2;
  private static final int WITHOUT_FLAGS = 1;

  private final int vectorLength;
  private final Tally total;
  private final TreeMap<Long, Tally> open = new TreeMap<>();
  private long created;
  private long lastGrown;

  private SeriesState(int vectorLength) {
    this.vectorLength = vectorLength;
    this.total = new Tally(vectorLength);
  }

  /** A label set that is new. */
  static SeriesState fresh(int vectorLength) {
    return new SeriesState(vectorLength);
  }

  /** A label set as it was stored. */
  static SeriesState read(byte[] stored, int vectorLength) {
    ByteReader reader = new ByteReader().reset(stored);
    int version = reader.u8();
    if (version < WITHOUT_FLAGS || version > VERSION) {
      throw new CorruptLayoutException(
          "series state of version %d; this program reads versions 1 to %d"
              .formatted(version, VERSION));
    }
    SeriesState state = new SeriesState(vectorLength);
    state.created = reader.uvarint();
    state.lastGrown = reader.uvarint();
    state.total.addFrom(reader, version == VERSION ? reader.u8() : 0);
    int windows = reader.uvarint31();
    for (int i = 0; i < windows; i++) {
      long window = reader.uvarint();
      state.growthIn(window).addFrom(reader, version == VERSION ? reader.u8() : 0);
    }
    return state;
  }

  byte[] write() {
    boolean flagged =
        total.flags() != 0 || open.values().stream().anyMatch(growth -> growth.flags() != 0);
    ByteWriter writer = new ByteWriter(128).u8(flagged ? VERSION : WITHOUT_FLAGS);
    write(total, writer.uvarint(created).uvarint(lastGrown), flagged);
    writer.uvarint(open.size());
    for (Map.Entry<Long, Tally> window : open.entrySet()) {
      write(window.getValue(), writer.uvarint(window.getKey()), flagged);
    }
    return writer.toByteArray();
  }

  private static void write(Tally tally, ByteWriter writer, boolean flagged) {
    if (flagged) {
      writer.u8(tally.flags());
    }
    tally.write(writer);
  }

  /** Adds growth in an open window. */
  void grow(long window, Tally growth) {
    growthIn(window).add(growth);
    if (lastGrown == 0) {
      created = open.firstKey();
    }
  }

  private Tally growthIn(long window) {
    return open.computeIfAbsent(window, key -> new Tally(vectorLength));
  }

  /** Takes the growth in a window that is being closed, or null if there was none. */
  @Nullable Tally take(long window) {
    return open.remove(window);
  }

  /** Adds the growth in a window to the total, but for its exemplars, which are of that window. */
  void close(long window, Tally growth, int maxNativeBuckets, long minResetWindows) {
    for (int i = 0; i < growth.natives().size(); i++) {
      NativeHistogram grown = growth.natives().get(i);
      if (!grown.isEmpty()) {
        makeRoom(total.nativeAt(i), grown, window, maxNativeBuckets, minResetWindows);
      }
    }
    total.add(growth);
    total.dropExemplars();
    total.natives().forEach(histogram -> coarsen(histogram, maxNativeBuckets));
    lastGrown = window;
  }

  /**
   * A native histogram begins anew rather than become coarser, or if it is coarser than it should
   * be, but not before it has counted for a while. Window by window, so that it depends neither on
   * the order of what came in a window nor on anybody's clock.
   */
  private static void makeRoom(
      NativeHistogram histogram,
      NativeHistogram grown,
      long window,
      int maxBuckets,
      long minResetWindows) {
    boolean mayReset =
        !histogram.isEmpty()
            && window - histogram.since() >= minResetWindows
            && (histogram.schema() < grown.schema() || histogram.bucketsWith(grown) > maxBuckets);
    if (mayReset) {
      histogram.clear();
    }
    if (histogram.isEmpty()) {
      histogram.countSince(window);
    }
  }

  private static void coarsen(NativeHistogram histogram, int maxBuckets) {
    while (histogram.buckets() > maxBuckets && histogram.schema() > NativeHistogram.MIN_SCHEMA) {
      histogram.lowerTo(histogram.schema() - 1);
    }
  }

  /** Ends the label set; whether it begins anew in a window that is still open. */
  boolean restart() {
    total.clear();
    lastGrown = 0;
    created = open.isEmpty() ? 0 : open.firstKey();
    return !open.isEmpty();
  }

  /** The amounts at the end of the last closed window. */
  Tally total() {
    return total;
  }

  /** The window in which it came to be. */
  long created() {
    return created;
  }

  /** The last closed window in which it grew; 0 if it has not been in a closed window yet. */
  long lastGrown() {
    return lastGrown;
  }
}
