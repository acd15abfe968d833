package dev.weir.allinone.replay;

import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;

/** A series as OpenMetrics writes it: {@code name{label="value",…}}. */
final class SeriesText {
  private static final String NAME = "__name__";

  private SeriesText() {}

  static String of(Request request, TimeSeries series) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i + 1 < series.getLabelsRefsCount(); i += 2) {
      String label = request.getSymbols(series.getLabelsRefs(i));
      if (!label.equals(NAME)) {
        labels.append(labels.isEmpty() ? "" : ",").append(label).append("=\"");
        escape(request.getSymbols(series.getLabelsRefs(i + 1)), labels);
        labels.append('"');
      }
    }
    return metric(request, series) + (labels.isEmpty() ? "" : "{" + labels + "}");
  }

  /** The metric's name. */
  static String metric(Request request, TimeSeries series) {
    for (int i = 0; i + 1 < series.getLabelsRefsCount(); i += 2) {
      if (request.getSymbols(series.getLabelsRefs(i)).equals(NAME)) {
        return request.getSymbols(series.getLabelsRefs(i + 1));
      }
    }
    return "";
  }

  private static void escape(String value, StringBuilder into) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> into.append("\\\\");
        case '"' -> into.append("\\\"");
        case '\n' -> into.append("\\n");
        default -> into.append(c);
      }
    }
  }
}
