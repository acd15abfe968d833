package dev.weir.streams.aggregate;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.servicegraph.PartitionGrowth;

/**
 * How far a source partition has come.
 *
 * <p>Layout (version 3): version; the partition's time, and the first window that it has not
 * announced to be complete (8 bytes each); offset that it goes on at; what {@link
 * WindowClock#writeWitnesses} writes; number of partitions; when it last grew (8 bytes), from how
 * many, to how many; the first window that was not given up. Version 2 ends before that, version 1
 * before that offset. Not thread-safe.
 */
final class PartitionProgress {
  private static final int VERSION = 3;

  private final WindowClock clock;
  private long announcedOpenFrom;
  private long goesOnAt;
  private int partitions;
  private PartitionGrowth growth = PartitionGrowth.NONE;

  /**
   * @param partitions how many there are at least
   */
  PartitionProgress(WindowClock clock, int partitions) {
    this.clock = clock;
    this.partitions = partitions;
  }

  long announcedOpenFrom() {
    return announcedOpenFrom;
  }

  void announced(long openFrom) {
    announcedOpenFrom = openFrom;
  }

  long goesOnAt() {
    return goesOnAt;
  }

  void goesOnAt(long offset) {
    goesOnAt = offset;
  }

  /** How many partitions the topic of spans has, as far as this one has heard. */
  int partitions() {
    return partitions;
  }

  PartitionGrowth growth() {
    return growth;
  }

  void grown(PartitionGrowth next) {
    if (next.after() > growth.after()) {
      growth = growth.followedBy(next);
      partitions = Math.max(partitions, next.after());
    }
  }

  byte[] write() {
    ByteWriter to = new ByteWriter(64).u8(VERSION);
    to.fixed64(clock.nowMillis()).fixed64(announcedOpenFrom).uvarint(goesOnAt);
    clock.writeWitnesses(to);
    return to.uvarint(partitions)
        .fixed64(growth.atMillis())
        .uvarint(growth.before())
        .uvarint(growth.after())
        .uvarint(clock.givenUpTo())
        .toByteArray();
  }

  /** Takes back what was stored. */
  void read(ByteReader stored) {
    int version = stored.u8();
    if (version < 1 || version > VERSION) {
      throw new CorruptLayoutException(
          "partition state of version %d; this program reads versions 1 to %d"
              .formatted(version, VERSION));
    }
    clock.mark(stored.fixed64());
    announcedOpenFrom = stored.fixed64();
    if (version > 1) {
      goesOnAt = stored.uvarint();
      clock.readWitnesses(stored);
      partitions = Math.max(partitions, stored.uvarint31());
      growth = new PartitionGrowth(stored.fixed64(), stored.uvarint31(), stored.uvarint31());
    }
    if (version > 2) {
      clock.giveUpTo(stored.uvarint());
    }
  }
}
