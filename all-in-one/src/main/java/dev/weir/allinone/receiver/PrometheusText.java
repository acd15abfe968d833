package dev.weir.allinone.receiver;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prometheus' text format, without types: {@code name{label="value"} 1.0 1700000000000}. */
final class PrometheusText {
  private PrometheusText() {}

  static String of(Collection<Series> all) {
    return all.stream()
        .filter(series -> !series.ended())
        .map(PrometheusText::line)
        .sorted()
        .collect(Collectors.joining());
  }

  private static String line(Series series) {
    return series.labels().metric()
        + labels(series.labels())
        + " "
        + series.value()
        + " "
        + series.timestampMillis()
        + "\n";
  }

  private static String labels(Labels labels) {
    return new TreeMap<>(labels.byName())
        .entrySet().stream()
            .filter(label -> !label.getKey().equals(Labels.METRIC))
            .map(PrometheusText::pair)
            .collect(Collectors.joining(",", "{", "}"));
  }

  private static String pair(Map.Entry<String, String> label) {
    return label.getKey() + "=\"" + escaped(label.getValue()) + "\"";
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
