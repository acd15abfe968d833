package dev.weir.streams.series;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;

/** Takes the amounts by which label sets grew. */
@FunctionalInterface
public interface DeltaSink {

  /**
   * Begins a label set's amounts.
   *
   * @param shard where the label set belongs
   * @return where the caller writes {@link dev.weir.schemas.delta.Amounts}
   */
  ByteWriter labelSet(int shard, MetricGroup group, byte[] labels, int offset, int length);
}
