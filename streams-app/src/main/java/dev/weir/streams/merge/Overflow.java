package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.merge.SeriesState.Growth;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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
  private final Map<MetricGroup, Growth> folded = new EnumMap<>(MetricGroup.class);
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

  /**
   * Adds growth.
   *
   * @param growth under the buckets that all growth of the group has in the window
   */
  void fold(MetricGroup group, Growth growth) {
    folded
        .computeIfAbsent(
            group, key -> new Growth(growth.layout(), new Tally(growth.tally().amounts().length())))
        .tally()
        .add(growth.tally());
    labelSets++;
  }

  /** How many label sets were folded. */
  int labelSets() {
    return labelSets;
  }

  /** What was folded, by the key of the series that it is added to. */
  Map<SeriesKey, Growth> keyed(byte[] tenant) {
    Map<SeriesKey, Growth> keyed = new LinkedHashMap<>();
    folded.forEach((group, growth) -> keyed.put(SeriesKey.overflow(tenant, group, labels), growth));
    return keyed;
  }
}
