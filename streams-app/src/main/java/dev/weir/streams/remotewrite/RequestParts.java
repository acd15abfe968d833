package dev.weir.streams.remotewrite;

import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Divides requests: by series, then a single series by its samples. Parts keep the order, and each
 * has only the symbols that it uses.
 */
final class RequestParts {
  private RequestParts() {}

  /** Whether there is more than one sample in it. */
  static boolean isDivisible(Request request) {
    return request.getTimeseriesCount() > 1 || sampleCount(request) > 1;
  }

  /** Two requests that hold what a divisible one holds, in its order. */
  static List<Request> halves(Request request) {
    List<TimeSeries> series = request.getTimeseriesList();
    if (series.size() == 1) {
      return samplesHalved(request, series.get(0));
    }
    int middle = series.size() / 2;
    return List.of(
        part(request, series.subList(0, middle)),
        part(request, series.subList(middle, series.size())));
  }

  /** Floats and native histograms. */
  static long sampleCount(Request request) {
    return request.getTimeseriesList().stream().mapToLong(RequestParts::sampleCount).sum();
  }

  /** Floats and native histograms. */
  static long sampleCount(TimeSeries series) {
    return series.getSamplesCount() + (long) series.getHistogramsCount();
  }

  /** Unix milliseconds of the newest sample; {@link Long#MIN_VALUE} if there is none. */
  static long newestTimestamp(Request request) {
    return request.getTimeseriesList().stream()
        .flatMapToLong(RequestParts::timestamps)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** The first series and what it holds, for a log line: {@code {__name__="up"} 1.0@1700000000}. */
  static String describe(Request request) {
    TimeSeries series = request.getTimeseries(0);
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      text.append(i == 0 ? "" : ", ")
          .append(request.getSymbols(series.getLabelsRefs(i)))
          .append("=\"")
          .append(request.getSymbols(series.getLabelsRefs(i + 1)))
          .append('"');
    }
    text.append('}');
    series
        .getSamplesList()
        .forEach(s -> text.append(' ').append(s.getValue()).append('@').append(s.getTimestamp()));
    series
        .getHistogramsList()
        .forEach(
            h ->
                text.append(" histogram of sum ")
                    .append(h.getSum())
                    .append('@')
                    .append(h.getTimestamp()));
    return text.toString();
  }

  private static LongStream timestamps(TimeSeries series) {
    return LongStream.concat(
        series.getSamplesList().stream().mapToLong(sample -> sample.getTimestamp()),
        series.getHistogramsList().stream().mapToLong(histogram -> histogram.getTimestamp()));
  }

  /** Exemplars go with the later half: a receiver refuses them without a sample. */
  private static List<Request> samplesHalved(Request request, TimeSeries series) {
    int floats = series.getSamplesCount();
    int all = floats + series.getHistogramsCount();
    int middle = all / 2;
    TimeSeries earlier = samples(series, 0, middle).clearExemplars().build();
    TimeSeries later = samples(series, middle, all).build();
    return List.of(part(request, List.of(earlier)), part(request, List.of(later)));
  }

  /** Floats are counted first, histograms after them. */
  private static TimeSeries.Builder samples(TimeSeries series, int from, int to) {
    int floats = series.getSamplesCount();
    return series.toBuilder()
        .clearSamples()
        .addAllSamples(
            series.getSamplesList().subList(Math.min(from, floats), Math.min(to, floats)))
        .clearHistograms()
        .addAllHistograms(
            series
                .getHistogramsList()
                .subList(Math.max(from - floats, 0), Math.max(to - floats, 0)));
  }

  private static Request part(Request whole, List<TimeSeries> series) {
    Symbols symbols = new Symbols(whole.getSymbolsList());
    Request.Builder part = Request.newBuilder();
    series.forEach(one -> part.addTimeseries(symbols.rewritten(one)));
    return part.addAllSymbols(symbols.used()).build();
  }
}
