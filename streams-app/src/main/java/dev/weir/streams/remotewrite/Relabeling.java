package dev.weir.streams.remotewrite;

import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a target's {@code write_relabel_configs} make of requests.
 *
 * @param rules applied to each series, in order
 */
public record Relabeling(List<RelabelRule> rules) {
  /** Leaves everything as it is. */
  public static final Relabeling NONE = new Relabeling(List.of());

  public Relabeling {
    rules = List.copyOf(rules);
  }

  /**
   * What is left of a request.
   *
   * @param request with the series that are to be sent
   * @param dropped samples of series that are not
   * @param ambiguous samples of series that are not sent, since one before them in the request has
   *     the same labels now
   * @param example one of the latter, or empty text
   */
  record Outcome(Request request, long dropped, long ambiguous, String example) {}

  /**
   * @param request with references that stay within its symbols
   */
  Outcome apply(Request request) {
    return rules.isEmpty() ? new Outcome(request, 0, 0, "") : rewrite(request);
  }

  private Outcome rewrite(Request request) {
    Symbols symbols = new Symbols(request.getSymbolsList());
    Set<Map<String, String>> seen = new HashSet<>();
    List<TimeSeries> left = new ArrayList<>();
    long dropped = 0;
    long ambiguous = 0;
    String example = "";
    for (TimeSeries series : request.getTimeseriesList()) {
      SortedMap<String, String> labels = labels(series, request);
      if (!keeps(labels)) {
        dropped += RequestParts.sampleCount(series);
      } else if (!seen.add(labels)) {
        ambiguous += RequestParts.sampleCount(series);
        example = example.isEmpty() ? labels.toString() : example;
      } else {
        left.add(symbols.rewritten(series, labels));
      }
    }
    Request result =
        Request.newBuilder().addAllTimeseries(left).addAllSymbols(symbols.used()).build();
    return new Outcome(result, dropped, ambiguous, example);
  }

  /** A series without a label cannot be sent. */
  private boolean keeps(SortedMap<String, String> labels) {
    return rules.stream().allMatch(rule -> rule.apply(labels)) && !labels.isEmpty();
  }

  private static SortedMap<String, String> labels(TimeSeries series, Request request) {
    SortedMap<String, String> labels = new TreeMap<>();
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      labels.put(
          request.getSymbols(series.getLabelsRefs(i)),
          request.getSymbols(series.getLabelsRefs(i + 1)));
    }
    return labels;
  }
}
