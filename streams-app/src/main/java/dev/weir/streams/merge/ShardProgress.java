package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How far a shard has come: what it heard of the source partitions' completeness, which window it
 * closes next, and how far it has got within it.
 *
 * <p>Layout (version 2): version; window length in milliseconds; {@link Layouts}; first window that
 * anything grew in + 1; next window to close + 1; number of source partitions; for each its first
 * open window + 1; the last key that was dealt with in the window that is being closed, behind its
 * length. Where 1 is added, 0 means unknown. Version 1 had in place of {@link Layouts} the bounds
 * of span metrics and of the service graph, which were for ever; they are the layouts 0 and 1 then.
 * Not thread-safe.
 */
final class ShardProgress {
  private static final int VERSION = 2;

  private final MergeSettings settings;
  private final Layouts layouts = new Layouts();
  private long firstGrown = -1;
  private long next = -1;
  private long[] openFrom = new long[0];
  private byte[] cursor = new byte[0];

  ShardProgress(MergeSettings settings) {
    this.settings = settings;
  }

  /** The bucket layouts of this shard. */
  Layouts layouts() {
    return layouts;
  }

  /** Number of the bucket layout that states of version 1 have, if there are any. */
  static int layoutOfVersion1(MetricGroup group) {
    return group.bucketsOf() == MetricGroup.SPAN_METRICS ? 0 : 1;
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
    ByteWriter writer = new ByteWriter(256).u8(VERSION).uvarint(settings.window().toMillis());
    layouts.write(writer);
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
    if (version < 1 || version > VERSION) {
      throw new CorruptLayoutException(
          "shard state of version %d; this program reads versions 1 to %d"
              .formatted(version, VERSION));
    }
    requireSameWindow(reader.uvarint());
    if (version == 1) {
      readBoundsOfVersion1(reader);
    } else {
      layouts.read(reader);
    }
    firstGrown = reader.uvarint() - 1;
    next = reader.uvarint() - 1;
    openFrom = new long[reader.uvarint31()];
    for (int source = 0; source < openFrom.length; source++) {
      openFrom[source] = reader.uvarint() - 1;
    }
    cursor = reader.prefixed();
  }

  private void requireSameWindow(long stored) {
    if (stored != settings.window().toMillis()) {
      throw new StateMismatchException(
          "window=%dms, but this application id's state has windows of %dms; keep that or take another application.id"
              .formatted(settings.window().toMillis(), stored));
    }
  }

  /** What is on its way from aggregate to merge has these bounds and does not say so. */
  private void readBoundsOfVersion1(ByteReader stored) {
    int groups = stored.uvarint31();
    for (int group = 0; group < groups; group++) {
      layouts.append(BucketLayout.of(Layouts.readBounds(stored)));
    }
    for (MetricGroup group : List.of(MetricGroup.SPAN_METRICS, MetricGroup.SERVICE_GRAPH)) {
      HistogramBounds then = layouts.of(layoutOfVersion1(group)).bounds();
      if (!Objects.equals(then, settings.bounds().get(group))) {
        throw new StateMismatchException(
            "the histogram buckets differ from those of this application id's state, which an earlier release has made; keep those until this release has run, and change them then");
      }
    }
  }
}
