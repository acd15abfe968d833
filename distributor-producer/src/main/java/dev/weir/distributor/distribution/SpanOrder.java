package dev.weir.distributor.distribution;

import dev.weir.distributor.validation.SpanIds;
import dev.weir.schemas.key.TracePartition;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts the spans of a table that go to one place next to each other, else in the order they came.
 */
final class SpanOrder {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private SpanOrder() {}

  private record TraceId(long high, long low) {}

  /** The partition of each span. */
  static int[] partitions(SpanTable table, byte[] tenant, int partitions) {
    int[] partition = new int[table.count()];
    for (int span = 0; span < partition.length; span++) {
      partition[span] =
          TracePartition.of(
              tenant, table.body, table.traceId(span), SpanIds.TRACE_ID_BYTES, partitions);
    }
    return partition;
  }

  /** The trace of each span, numbered from 0 in the order of their first spans. */
  static int[] traces(SpanTable table) {
    Map<TraceId, Integer> numbers = new HashMap<>();
    int[] trace = new int[table.count()];
    for (int span = 0; span < trace.length; span++) {
      int at = table.traceId(span);
      TraceId id =
          new TraceId((long) LONG.get(table.body, at), (long) LONG.get(table.body, at + 8));
      Integer number = numbers.putIfAbsent(id, numbers.size());
      trace[span] = number == null ? numbers.size() - 1 : number;
    }
    return trace;
  }

  /** {@code order}, stably sorted by the group of each span, a number below {@code groups}. */
  static int[] sort(int[] order, int[] group, int groups) {
    int[] next = new int[groups + 1];
    for (int span : order) {
      next[group[span] + 1]++;
    }
    for (int i = 0; i < groups; i++) {
      next[i + 1] += next[i];
    }
    int[] sorted = new int[order.length];
    for (int span : order) {
      sorted[next[group[span]]++] = span;
    }
    return sorted;
  }
}
