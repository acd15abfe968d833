package dev.weir.streams.merge;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.series.HistogramBounds;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far a shard has come: what it heard of the source partitions' completeness, which window it
 * closes next, and how far it has got within it.
 *
 * <p>Layout (version 1): version; window length in milliseconds; number of groups; for each the
 * number of bounds and their bits (8 bytes each); first window that anything grew in + 1; next
 * window to close + 1; number of source partitions; for each its first open window + 1; the last
 * key that was dealt with in the window that is being closed, behind its length. Where 1 is added,
 * 0 means unknown. Not thread-safe.
 */
final class ShardProgress {
  private static final int VERSION = 1;

  private final MergeSettings settings;
  private long firstGrown = -1;
  private long next = -1;
  private long[] openFrom = new long[0];
  private byte[] cursor = new byte[0];

  ShardProgress(MergeSettings settings) {
    this.settings = settings;
  }

  /** Takes in what a source partition says. */
  void heard(int source, int sources, long window) {
    if (sources > openFrom.length) {
      int known = openFrom.length;
      openFrom = Arrays.copyOf(openFrom, sources);
      Arrays.fill(openFrom, known, sources, -1);
    }
    openFrom[source] = Math.max(openFrom[source], window);
  }

  /** Something grew in that window. */
  void grew(long window) {
    firstGrown = firstGrown < 0 ? window : Math.min(firstGrown, window);
  }

  /** The first window that may still take growth: one that is being closed does not. */
  long firstOpen() {
    return Math.max(0, isClosing() ? next + 1 : next);
  }

  /** The window to close now, if the source partitions are all complete through it. */
  OptionalLong closable() {
    long complete = completeTo();
    if (complete <= 0) { // a source partition that has completed nothing yet says 0
      return OptionalLong.empty();
    }
    if (next < 0) {
      next = firstGrown < 0 ? complete : Math.min(firstGrown, complete);
    }
    return next < complete ? OptionalLong.of(next) : OptionalLong.empty();
  }

  /**
   * The first window that not all source partitions are complete through; -1 if one has not been
   * heard of.
   */
  private long completeTo() {
    return Arrays.stream(openFrom).min().orElse(-1);
  }

  /**
   * The last key that was dealt with in the window that is being closed; empty at its beginning.
   */
  byte[] cursor() {
    return cursor;
  }

  private boolean isClosing() {
    return cursor.length > 0;
  }

  void movedTo(byte[] key) {
    cursor = key;
  }

  /** The window is closed. */
  void closed() {
    next++;
    cursor = new byte[0];
  }

  /**
   * Nothing lives and nothing grew in windows before that one: those that are complete are closed
   * at once. A record that claims a time decades ago may leave millions of them.
   */
  void skipTo(long window) {
    next = Math.max(next, Math.min(window, completeTo()));
  }

  /** The first window that is not closed, if any was. */
  OptionalLong next() {
    return next < 0 ? OptionalLong.empty() : OptionalLong.of(next);
  }

  byte[] write() {
    ByteWriter writer = new ByteWriter(256).u8(VERSION);
    writeSettings(writer);
    writer.uvarint(firstGrown + 1).uvarint(next + 1).uvarint(openFrom.length);
    for (long window : openFrom) {
      writer.uvarint(window + 1);
    }
    return writer.prefixed(cursor).toByteArray();
  }

  /**
   * Takes back what was stored.
   *
   * @throws StateMismatchException if it was stored under settings that cannot change
   */
  void read(byte[] stored) {
    ByteReader reader = new ByteReader().reset(stored);
    int version = reader.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "shard state of version %d; this program reads version %d".formatted(version, VERSION));
    }
    requireSameSettings(reader);
    firstGrown = reader.uvarint() - 1;
    next = reader.uvarint() - 1;
    openFrom = new long[reader.uvarint31()];
    for (int source = 0; source < openFrom.length; source++) {
      openFrom[source] = reader.uvarint() - 1;
    }
    cursor = reader.prefixed();
  }

  private void writeSettings(ByteWriter writer) {
    writer.uvarint(settings.window().toMillis());
    writer.uvarint(boundsInOrder().size());
    for (HistogramBounds bounds : boundsInOrder()) {
      writer.uvarint(bounds.seconds().size());
      bounds.seconds().forEach(bound -> writer.fixed64(Double.doubleToLongBits(bound)));
    }
  }

  private void requireSameSettings(ByteReader stored) {
    int start = stored.position();
    long window = stored.uvarint();
    if (window != settings.window().toMillis()) {
      throw new StateMismatchException(
          "window=%dms, but this application id's state has windows of %dms; keep that or take another application.id"
              .formatted(settings.window().toMillis(), window));
    }
    int groups = stored.uvarint31();
    for (int group = 0; group < groups; group++) {
      stored.skip(8 * stored.uvarint31());
    }
    ByteWriter ours = new ByteWriter(256);
    writeSettings(ours);
    if (!Arrays.equals(ours.bytes(), 0, ours.length(), stored.bytes(), start, stored.position())) {
      throw new StateMismatchException(
          "the histogram buckets differ from those of this application id's state; keep those or take another application.id");
    }
  }

  private List<HistogramBounds> boundsInOrder() {
    return settings.bounds().entrySet().stream()
        .sorted((a, b) -> Integer.compare(a.getKey().code(), b.getKey().code()))
        .map(java.util.Map.Entry::getValue)
        .toList();
  }
}
