package dev.weir.distributor.distribution;

/**
 * A request that was read to its end.
 *
 * @param table the spans that may be accepted
 * @param rejections those that may not; more may follow when records are planned
 * @param spans how many spans the request has, rejected ones among them
 */
record ScannedRequest(SpanTable table, Rejections rejections, int spans) {}
