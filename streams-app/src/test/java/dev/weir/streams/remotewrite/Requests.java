package dev.weir.streams.remotewrite;

import com.google.protobuf.TextFormat;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.BucketSpan;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Remote-write requests for tests, and a plain form in which those of both versions compare. */
final class Requests {
  private Requests() {}

  /** One float sample per name. */
  static Request floats(long timestamp, double value, String... names) {
    Builder builder = new Builder();
    for (String name : names) {
      builder.series(name).addSamples(sample(timestamp, value));
    }
    return builder.build();
  }

  static Sample sample(long timestamp, double value) {
    return Sample.newBuilder().setTimestamp(timestamp).setValue(value).build();
  }

  /** Builds a request with symbols in order of first use. */
  static final class Builder {
    private final List<String> symbols = new ArrayList<>(List.of(""));
    private final Request.Builder request = Request.newBuilder();

    TimeSeries.Builder series(String name, String... labels) {
      TimeSeries.Builder series = request.addTimeseriesBuilder();
      series.addLabelsRefs(symbol("__name__")).addLabelsRefs(symbol(name));
      for (String label : labels) {
        series.addLabelsRefs(symbol(label));
      }
      return series;
    }

    int symbol(String text) {
      if (!symbols.contains(text)) {
        symbols.add(text);
      }
      return symbols.indexOf(text);
    }

    Request build() {
      return request.clearSymbols().addAllSymbols(symbols).build();
    }
  }

  /** Anything that can be in an outbox. */
  static Request random(Random random, int series) {
    Builder builder = new Builder();
    for (int i = 0; i < series; i++) {
      TimeSeries.Builder one =
          builder.series(
              "m" + random.nextInt(5), "instance", "i" + random.nextInt(99), "n", "" + i);
      for (int s = random.nextInt(3); s >= 0; s--) {
        if (random.nextBoolean()) {
          one.addSamples(sample(random.nextLong(1L << 41), anyDouble(random)));
        } else {
          one.addHistograms(histogram(random));
        }
      }
      if (random.nextBoolean()) {
        one.addExemplars(
            Exemplar.newBuilder()
                .addLabelsRefs(builder.symbol("trace_id"))
                .addLabelsRefs(builder.symbol("t" + random.nextInt()))
                .setValue(anyDouble(random))
                .setTimestamp(random.nextLong(1L << 41)));
        one.getMetadataBuilder().setHelpRef(builder.symbol("help " + random.nextInt(3)));
      }
    }
    return builder.build();
  }

  private static Histogram histogram(Random random) {
    Histogram.Builder histogram =
        Histogram.newBuilder()
            .setSum(anyDouble(random))
            .setSchema(random.nextInt(-4, 9))
            .setZeroThreshold(random.nextDouble())
            .setTimestamp(random.nextLong(1L << 41))
            .setStartTimestamp(random.nextLong(1L << 41))
            .setResetHintValue(random.nextInt(4))
            .addPositiveSpans(BucketSpan.newBuilder().setOffset(-3).setLength(2))
            .addNegativeSpans(BucketSpan.newBuilder().setOffset(5).setLength(1));
    if (random.nextBoolean()) {
      histogram.setCountInt(random.nextLong()).setZeroCountInt(0);
      histogram.addPositiveDeltas(random.nextLong()).addNegativeDeltas(-random.nextInt(9));
    } else {
      histogram.setCountFloat(random.nextDouble()).setZeroCountFloat(anyDouble(random));
      histogram.addPositiveCounts(anyDouble(random)).addNegativeCounts(1);
      histogram.addCustomValues(random.nextDouble());
    }
    return histogram.build();
  }

  /** Now and then a staleness marker, whose bits matter. */
  static double anyDouble(Random random) {
    return random.nextInt(4) == 0
        ? Double.longBitsToDouble(0x7ff0000000000002L)
        : random.nextGaussian();
  }

  /** One line per series, sample, exemplar and histogram, with the bits of values. */
  static List<String> plain(Request request) {
    List<String> plain = new ArrayList<>();
    for (TimeSeries series : request.getTimeseriesList()) {
      plain.add("series " + labels(series.getLabelsRefsList(), request));
      series
          .getSamplesList()
          .forEach(s -> plain.add(value("sample", s.getValue(), s.getTimestamp())));
      series
          .getExemplarsList()
          .forEach(
              e ->
                  plain.add(
                      value("exemplar", e.getValue(), e.getTimestamp())
                          + labels(e.getLabelsRefsList(), request)));
      series
          .getHistogramsList()
          .forEach(
              h ->
                  plain.add(
                      value("histogram", h.getSum(), h.getTimestamp())
                          + TextFormat.printer()
                              .printToString(h.toBuilder().clearStartTimestamp().build())));
    }
    return plain;
  }

  static List<String> plain(WriteRequest request) {
    List<String> plain = new ArrayList<>();
    for (var series : request.getTimeseriesList()) {
      plain.add("series " + labels(series.getLabelsList()));
      series
          .getSamplesList()
          .forEach(s -> plain.add(value("sample", s.getValue(), s.getTimestamp())));
      series
          .getExemplarsList()
          .forEach(
              e ->
                  plain.add(
                      value("exemplar", e.getValue(), e.getTimestamp())
                          + labels(e.getLabelsList())));
      series
          .getHistogramsList()
          .forEach(
              h ->
                  plain.add(
                      value("histogram", h.getSum(), h.getTimestamp())
                          + TextFormat.printer()
                              .printToString(h)
                              .replace("reset_hint: ", "reset_hint: RESET_HINT_")
                              .replace("RESET_HINT_UNKNOWN", "RESET_HINT_UNSPECIFIED")));
    }
    return plain;
  }

  private static String value(String kind, double value, long timestamp) {
    return kind + " " + Long.toHexString(Double.doubleToRawLongBits(value)) + "@" + timestamp;
  }

  private static String labels(List<Integer> refs, Request request) {
    TreeMap<String, String> labels = new TreeMap<>();
    for (int i = 0; i < refs.size(); i += 2) {
      labels.put(request.getSymbols(refs.get(i)), request.getSymbols(refs.get(i + 1)));
    }
    return labels.toString();
  }

  private static String labels(List<dev.weir.schemas.remotewrite.v1.Label> list) {
    TreeMap<String, String> labels = new TreeMap<>();
    list.forEach(label -> labels.put(label.getName(), label.getValue()));
    return labels.toString();
  }
}
