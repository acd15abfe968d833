package dev.weir.streams.aggregate;

import java.util.List;

/** Why spans and half edges come to nothing, in the ledger's words. */
public final class LedgerReasons {
  static final String INVALID_UTF8 = "invalid_utf8";
  static final String SKIP_FLAG = "skip_flag";
  static final String FILTERED = "span_metrics_filtered";

  /** Why a span is not counted. */
  public static final List<String> OF_SPANS = List.of(INVALID_UTF8, SKIP_FLAG, FILTERED);

  /** Why a half edge ends without an edge. */
  public static final List<String> OF_HALF_EDGES =
      List.of(
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER",
          "link",
          "linked",
          "link_limit",
          "service_graphs_filtered",
          "filtered_counterpart",
          "duplicate",
          "max_items",
          "repartitioned");

  private LedgerReasons() {}
}
