package dev.weir.allinone.terminal;

/**
 * One operation in the table.
 *
 * @param errorShare 0 to 1
 * @param p50Seconds median, estimated from buckets; NaN without calls
 * @param p95Seconds the same for 95 of 100 calls
 */
record OperationRow(
    String service,
    String operation,
    String kind,
    double callsPerSecond,
    double errorShare,
    double p50Seconds,
    double p95Seconds) {}
