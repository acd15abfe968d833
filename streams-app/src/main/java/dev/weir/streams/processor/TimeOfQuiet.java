package dev.weir.streams.processor;

import dev.weir.schemas.v1.Decision;
import dev.weir.streams.idlemark.IdleMarker;
import dev.weir.streams.idlemark.PartitionEnds;
import java.util.List;
import java.util.function.IntFunction;

/** How time passes in a partition that is given nothing. */
public sealed interface TimeOfQuiet {

  /** A mark is appended to the partition, and read back. */
  record Marked(IdleMarker marker) implements TimeOfQuiet {}

  /**
   * On a topic that may not be written: that the partition was read to its end is found out, acted
   * upon, and logged, all in one transaction.
   */
  record Decided(PartitionEnds ends) implements TimeOfQuiet {}

  /**
   * As it was decided before.
   *
   * @param log the decisions for a partition, of any kind, in their order
   */
  record Replayed(IntFunction<List<Decision>> log) implements TimeOfQuiet {}
}
