package dev.weir.streams.series;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;

/** Takes the amounts by which label sets grew. */
@FunctionalInterface
public interface DeltaSink {

  /**
   * Begins a label set's amounts.
   *
   * @param shard where the label set belongs
   * @param flags those of the {@link Tally}
   * @return where the caller writes the tally
   */
  ByteWriter labelSet(
      int shard, MetricGroup group, int flags, byte[] labels, int offset, int length);
}
