package dev.weir.allinone.shadow;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A part of the log.
 *
 * @param from by partition, the offset of the first record
 * @param to by partition, the offset behind the last record; not less than {@code from}
 */
public record Stretch(SortedMap<Integer, Long> from, SortedMap<Integer, Long> to) {
  public Stretch {
    from = Collections.unmodifiableSortedMap(new TreeMap<>(from));
    to = Collections.unmodifiableSortedMap(new TreeMap<>(to));
  }

  /** How many offsets it covers. */
  public long length() {
    return done(to);
  }

  /** How many of them are before these offsets; a partition without one counts nothing. */
  long done(SortedMap<Integer, Long> offsets) {
    long sum = 0;
    for (var start : from.entrySet()) {
      long position = offsets.getOrDefault(start.getKey(), start.getValue());
      sum += Math.max(0, Math.min(position, end(start.getKey())) - start.getValue());
    }
    return sum;
  }

  long end(int partition) {
    return to.getOrDefault(partition, 0L);
  }
}
