package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * The growth of one tenant's label sets that a shard does not admit, by metric group. It becomes
 * the growth of one series per group and shard, with the label {@code metric_overflow="true"} and
 * one that tells the shards of a tenant apart: the same labels from two shards would be one series
 * with two values. Not thread-safe.
 */
final class Overflow {
  private static final byte[] OVERFLOW = ascii("metric_overflow");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] SHARD = ascii("overflow_shard");

  private final byte[] labels;
  private final Map<MetricGroup, Tally> folded = new EnumMap<>(MetricGroup.class);
  private int labelSets;

  Overflow(int shard) {
    this.labels =
        new ByteWriter(64)
            .prefixed(OVERFLOW)
            .prefixed(TRUE)
            .prefixed(SHARD)
            .prefixed(ascii(Integer.toString(shard)))
            .toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  void fold(MetricGroup group, Tally growth) {
    folded.computeIfAbsent(group, key -> new Tally(growth.amounts().length())).add(growth);
    labelSets++;
  }

  /** How many label sets were folded. */
  int labelSets() {
    return labelSets;
  }

  /** Adds what was folded to the overflow series in the store, as growth in a window. */
  void save(SeriesStore store, byte[] tenant, long window) {
    folded.forEach(
        (group, growth) -> {
          byte[] key = SeriesKey.overflow(tenant, group, labels).bytes();
          byte[] stored = store.get(key);
          SeriesState state =
              stored == null
                  ? SeriesState.fresh(growth.amounts().length())
                  : SeriesState.read(stored, growth.amounts().length());
          state.grow(window, growth);
          store.put(key, state.write());
        });
  }
}
