package dev.weir.distributor.distribution;

import dev.weir.distributor.validation.SpanFault;
import java.util.EnumMap;
import java.util.Map;

/** The spans of one request that were not accepted, and what is wrong with the first of them. */
final class Rejections {
  private final Map<SpanFault, Integer> counts = new EnumMap<>(SpanFault.class);
  private int total;
  private String first = "";

  /**
   * @param where which span, in the client's terms
   * @param bytes see {@link SpanFault#describe}
   */
  void add(SpanFault fault, String where, long bytes) {
    counts.merge(fault, 1, Integer::sum);
    first = total == 0 ? where + ": " + fault.describe(bytes) : first;
    total++;
  }

  int total() {
    return total;
  }

  /** How many by fault; only faults that occurred. */
  Map<SpanFault, Integer> counts() {
    return counts;
  }

  /** A sentence for the client, who sent {@code spans} spans. */
  String describe(int spans) {
    return "%d of %d spans rejected; first %s".formatted(total, spans, first);
  }
}
