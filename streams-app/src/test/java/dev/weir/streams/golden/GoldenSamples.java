package dev.weir.streams.golden;

import dev.weir.schemas.otlp.ShortestDecimal;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.List;
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
        add(request, text + name + labels(request, series.getLabelsRefsList()), series);
      }
    }
  }

  private void add(Request request, String text, TimeSeries series) {
    String exemplars = golden.exemplars() ? exemplars(request, series) : "";
    int last = series.getSamplesCount() + series.getHistogramsCount() - 1;
    for (int i = golden.zeros() ? 0 : last; i <= last; i++) {
      String behind = i == last ? exemplars : "";
      if (series.getSamplesCount() > 0) {
        Sample sample = series.getSamples(i);
        put(sample.getTimestamp(), text, value(sample.getValue()) + behind);
      } else {
        Histogram sample = series.getHistograms(i);
        put(
            sample.getTimestamp(),
            text,
            GoldenHistogram.text(sample, isStale(sample.getSum())) + behind);
      }
    }
  }

  private void put(long millis, String text, String value) {
    String at = Times.text(millis);
    if (texts.put(at + " " + text, value) != null) {
      throw new IllegalStateException("%s has two samples at %s".formatted(text, at));
    }
  }

  /** In the form of OpenMetrics, with times as cases have them. */
  private static String exemplars(Request request, TimeSeries series) {
    StringBuilder text = new StringBuilder();
    for (Exemplar exemplar : series.getExemplarsList()) {
      text.append(GoldenCase.EXEMPLAR)
          .append(labels(request, exemplar.getLabelsRefsList()))
          .append(' ')
          .append(ShortestDecimal.of(exemplar.getValue()))
          .append(' ')
          .append(Times.text(exemplar.getTimestamp()));
    }
    return text.toString();
  }

  private static String value(double value) {
    return isStale(value) ? "stale" : ShortestDecimal.of(value);
  }

  private static boolean isStale(double value) {
    return Double.doubleToRawLongBits(value) == STALE;
  }

  private static String label(Request request, TimeSeries series, String name) {
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      if (request.getSymbols(series.getLabelsRefs(i)).equals(name)) {
        return request.getSymbols(series.getLabelsRefs(i + 1));
      }
    }
    throw new IllegalStateException("a series has no label " + name);
  }

  private static String labels(Request request, List<Integer> refs) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < refs.size(); i += 2) {
      String name = request.getSymbols(refs.get(i));
      if (!name.equals("__name__")) {
        labels
            .append(labels.isEmpty() ? "{" : ",")
            .append(name)
            .append("=\"")
            .append(request.getSymbols(refs.get(i + 1)))
            .append('"');
      }
    }
    return labels.append(labels.isEmpty() ? "" : "}").toString();
  }
}
