package dev.weir.streams.merge;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a shard knows of one label set: what it amounts to at the end of the last closed window, and
 * what it grew by in windows that are still open.
 *
 * <p>Layout (version 2): version; window in which it came to be; last closed window in which it
 * grew (0: none yet); number of the bucket layout, flags (one byte) and {@link Tally} in total;
 * number of open windows; for each, in order, the window, the number of the bucket layout, flags
 * and {@link Tally}. Numbers are {@code uvarint}s, windows counted from the Unix epoch; bucket
 * layouts are those of {@link Layouts}. Version 1 had no bucket layouts, as there was one, and no
 * flags, as none was set. Not thread-safe.
 */
final class SeriesState {
  private static final int VERSION = 2;

  private final TreeMap<Long, Growth> open = new TreeMap<>();
  private int layout;
  private Tally total;
  private long created;
  private long lastGrown;

  /** A tally with the number of its bucket layout. */
  record Growth(int layout, Tally tally) {}

  private SeriesState(int layout, Tally total) {
    this.layout = layout;
    this.total = total;
  }

  /** A label set that is new. */
  static SeriesState fresh(int layout, int vectorLength) {
    return new SeriesState(layout, new Tally(vectorLength));
  }

  /**
   * A label set as it was stored.
   *
   * @param vectorLength length of amounts by number of their layout
   * @param layoutOfVersion1 number of the layout that version 1 had
   */
  static SeriesState read(byte[] stored, IntUnaryOperator vectorLength, int layoutOfVersion1) {
    ByteReader reader = new ByteReader().reset(stored);
    int version = reader.u8();
    if (version < 1 || version > VERSION) {
      throw new CorruptLayoutException(
          "series state of version %d; this program reads versions 1 to %d"
              .formatted(version, VERSION));
    }
    boolean isNumbered = version > 1;
    long created = reader.uvarint();
    long lastGrown = reader.uvarint();
    int layout = isNumbered ? reader.uvarint31() : layoutOfVersion1;
    SeriesState state = fresh(layout, vectorLength.applyAsInt(layout));
    state.created = created;
    state.lastGrown = lastGrown;
    state.total.addFrom(reader, isNumbered ? reader.u8() : 0);
    int windows = reader.uvarint31();
    for (int i = 0; i < windows; i++) {
      long window = reader.uvarint();
      int layoutThen = isNumbered ? reader.uvarint31() : layoutOfVersion1;
      Growth growth = new Growth(layoutThen, new Tally(vectorLength.applyAsInt(layoutThen)));
      growth.tally().addFrom(reader, isNumbered ? reader.u8() : 0);
      state.open.put(window, growth);
    }
    return state;
  }

  byte[] write() {
    ByteWriter writer =
        new ByteWriter(128).u8(VERSION).uvarint(created).uvarint(lastGrown).uvarint(layout);
    total.write(writer.u8(total.flags()));
    writer.uvarint(open.size());
    for (Map.Entry<Long, Growth> window : open.entrySet()) {
      Tally growth = window.getValue().tally();
      writer.uvarint(window.getKey()).uvarint(window.getValue().layout()).u8(growth.flags());
      growth.write(writer);
    }
    return writer.toByteArray();
  }

  /** Adds growth in an open window, whose layout is always the same. */
  void grow(long window, Growth growth) {
    open.computeIfAbsent(
            window,
            key -> new Growth(growth.layout(), new Tally(growth.tally().amounts().length())))
        .tally()
        .add(growth.tally());
    if (lastGrown == 0) {
      created = open.firstKey();
    }
  }

  /** Takes the growth in a window that is being closed, or null if there was none. */
  @Nullable Tally take(long window) {
    Growth growth = open.remove(window);
    return growth == null ? null : growth.tally();
  }

  /** The total has other buckets from now on. */
  void relaid(int newLayout, Amounts newTotal) {
    layout = newLayout;
    total = total.withAmounts(newTotal);
  }

  /**
   * Adds the growth in a window to the total, which has the same buckets, but for its exemplars,
   * which are of that window.
   */
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
    total = new Tally(total.amounts().length()); // without the unit: it may have been deleted
    lastGrown = 0;
    created = open.isEmpty() ? 0 : open.firstKey();
    return !open.isEmpty();
  }

  /** Number of the bucket layout of the total. */
  int layout() {
    return layout;
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
