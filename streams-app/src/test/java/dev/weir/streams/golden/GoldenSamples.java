package dev.weir.streams.golden;

import dev.weir.schemas.otlp.ShortestDecimal;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.Map;
import java.util.TreeMap;

/** Samples as text: time and series, such as {@code 15s up{job="a"}}, and value. */
final class GoldenSamples {
  private static final long STALE = 0x7FF0000000000002L;

  private final GoldenCase golden;
  private final Map<String, String> texts = new TreeMap<>();

  GoldenSamples(GoldenCase golden) {
    this.golden = golden;
  }

  Map<String, String> texts() {
    return texts;
  }

  void add(String tenant, Request request) {
    for (TimeSeries series : request.getTimeseriesList()) {
      String name = label(request, series, "__name__");
      if (golden.metrics().isEmpty() || golden.metrics().contains(name)) {
        String text = tenant.equals(GoldenCase.DEFAULT_TENANT) ? "" : tenant + ": ";
        add(text + name + labels(request, series), series);
      }
    }
  }

  private void add(String text, TimeSeries series) {
    boolean isNew = series.getSamplesCount() == 2;
    for (int i = isNew && !golden.zeros() ? 1 : 0; i < series.getSamplesCount(); i++) {
      Sample sample = series.getSamples(i);
      String at = Times.text(sample.getTimestamp());
      if (texts.put(at + " " + text, value(sample.getValue())) != null) {
        throw new IllegalStateException("%s has two samples at %s".formatted(text, at));
      }
    }
  }

  private static String value(double value) {
    return Double.doubleToRawLongBits(value) == STALE ? "stale" : ShortestDecimal.of(value);
  }

  private static String label(Request request, TimeSeries series, String name) {
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      if (request.getSymbols(series.getLabelsRefs(i)).equals(name)) {
        return request.getSymbols(series.getLabelsRefs(i + 1));
      }
    }
    throw new IllegalStateException("a series has no label " + name);
  }

  private static String labels(Request request, TimeSeries series) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      String name = request.getSymbols(series.getLabelsRefs(i));
      if (!name.equals("__name__")) {
        labels
            .append(labels.isEmpty() ? "{" : ",")
            .append(name)
            .append("=\"")
            .append(request.getSymbols(series.getLabelsRefs(i + 1)))
            .append('"');
      }
    }
    return labels.append(labels.isEmpty() ? "" : "}").toString();
  }
}
