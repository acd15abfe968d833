package dev.weir.allinone.demo;

/**
 * Numbers of one edge.
 *
 * @param failed those of {@code requests} that failed on either side
 */
record EdgeTotals(long requests, long failed) {
  static final EdgeTotals ZERO = new EdgeTotals(0, 0);

  static EdgeTotals ofRequest(boolean failed) {
    return new EdgeTotals(1, failed ? 1 : 0);
  }

  EdgeTotals plus(EdgeTotals other) {
    return new EdgeTotals(requests + other.requests, failed + other.failed);
  }
}
