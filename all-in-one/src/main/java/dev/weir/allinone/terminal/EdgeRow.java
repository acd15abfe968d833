package dev.weir.allinone.terminal;

/**
 * One edge in the table.
 *
 * @param type connection type; empty for a plain call
 * @param errorShare 0 to 1
 * @param p95Seconds as the client sees it, or the server where the client is virtual; NaN without
 *     requests
 */
record EdgeRow(
    String client,
    String server,
    String type,
    double requestsPerSecond,
    double errorShare,
    double p95Seconds) {}
