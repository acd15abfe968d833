package dev.weir.streams.merge;

import dev.weir.schemas.delta.Amounts;
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
 * <p>Layout (version 1): version; window in which it came to be; last closed window in which it
 * grew (0: none yet); {@link Amounts} in total; number of open windows; for each, in order, the
 * window and its {@link Amounts}. Numbers are {@code uvarint}s, windows counted from the Unix
 * epoch. Not thread-safe.
 */
final class SeriesState {
  private static final int VERSION = 1;

  private final int vectorLength;
  private final Amounts total;
  private final TreeMap<Long, Amounts> open = new TreeMap<>();
  private long created;
  private long lastGrown;

  private SeriesState(int vectorLength) {
    this.vectorLength = vectorLength;
    this.total = new Amounts(vectorLength);
  }

  /** A label set that is new. */
  static SeriesState fresh(int vectorLength) {
    return new SeriesState(vectorLength);
  }

  /** A label set as it was stored. */
  static SeriesState read(byte[] stored, int vectorLength) {
    ByteReader reader = new ByteReader().reset(stored);
    int version = reader.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "series state of version %d; this program reads version %d".formatted(version, VERSION));
    }
    SeriesState state = new SeriesState(vectorLength);
    state.created = reader.uvarint();
    state.lastGrown = reader.uvarint();
    state.total.addFrom(reader);
    int windows = reader.uvarint31();
    for (int i = 0; i < windows; i++) {
      long window = reader.uvarint();
      state.amountsOf(window).addFrom(reader);
    }
    return state;
  }

  byte[] write() {
    ByteWriter writer = new ByteWriter(128).u8(VERSION).uvarint(created).uvarint(lastGrown);
    total.write(writer);
    writer.uvarint(open.size());
    for (Map.Entry<Long, Amounts> window : open.entrySet()) {
      writer.uvarint(window.getKey());
      window.getValue().write(writer);
    }
    return writer.toByteArray();
  }

  /** Adds growth in an open window. */
  void grow(long window, Amounts amounts) {
    amountsOf(window).add(amounts);
    if (lastGrown == 0) {
      created = open.firstKey();
    }
  }

  private Amounts amountsOf(long window) {
    return open.computeIfAbsent(window, key -> new Amounts(vectorLength));
  }

  /** Takes the growth in a window that is being closed, or null if there was none. */
  @Nullable Amounts take(long window) {
    return open.remove(window);
  }

  /** Adds the growth in a window to the total. */
  void close(long window, Amounts growth) {
    total.add(growth);
    lastGrown = window;
  }

  /** Ends the label set; whether it begins anew in a window that is still open. */
  boolean restart() {
    total.clear();
    lastGrown = 0;
    created = open.isEmpty() ? 0 : open.firstKey();
    return !open.isEmpty();
  }

  /** The amounts at the end of the last closed window. */
  Amounts total() {
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
