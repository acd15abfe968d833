package dev.weir.ingester.querier;

/** Where a trace is looked for. */
public enum Sources {
  ALL,
  LIVE_TRACES,
  SEGMENTS
}
