package dev.weir.allinone.demo;

/**
 * Numbers of one operation.
 *
 * @param calls spans counted
 * @param latencyCount durations in the histogram, which are as many
 * @param latencySumNanos sum of their durations
 */
record OperationTotals(long calls, long latencyCount, long latencySumNanos) {
  static final OperationTotals ZERO = new OperationTotals(0, 0, 0);

  static OperationTotals ofSpan(long durationNanos) {
    return new OperationTotals(1, 1, durationNanos);
  }

  OperationTotals plus(OperationTotals other) {
    return new OperationTotals(
        calls + other.calls,
        latencyCount + other.latencyCount,
        Math.addExact(latencySumNanos, other.latencySumNanos));
  }
}
