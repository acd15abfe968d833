package dev.weir.benchmarks.load;

import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Totals over remote-write requests of either version, and the latest value of each counter of
 * calls; their sum is the number of spans that were counted. Thread-safe.
 */
final class ReceivedSamples {
  private static final String CALLS = "traces_spanmetrics_calls_total";
  private static final String NAME = "__name__";

  private final Map<Map<String, String>, Latest> calls = new HashMap<>();
  private long requests;
  private long bytes;
  private long samples;

  private record Latest(long timestamp, double value) {}

  synchronized void add(Request request, int size) {
    requests++;
    bytes += size;
    request
        .getTimeseriesList()
        .forEach(
            series -> {
              samples += series.getSamplesCount() + series.getHistogramsCount();
              if (isCalls(request, series.getLabelsRefsList())) {
                Map<String, String> labels = labels(request, series.getLabelsRefsList());
                series
                    .getSamplesList()
                    .forEach(s -> keepLatest(labels, new Latest(s.getTimestamp(), s.getValue())));
              }
            });
  }

  synchronized void add(WriteRequest request, int size) {
    requests++;
    bytes += size;
    request
        .getTimeseriesList()
        .forEach(
            series -> {
              samples += series.getSamplesCount() + series.getHistogramsCount();
              Map<String, String> labels =
                  series.getLabelsList().stream()
                      .collect(
                          Collectors.toMap(label -> label.getName(), label -> label.getValue()));
              if (CALLS.equals(labels.get(NAME))) {
                series
                    .getSamplesList()
                    .forEach(s -> keepLatest(labels, new Latest(s.getTimestamp(), s.getValue())));
              }
            });
  }

  private static boolean isCalls(Request request, List<Integer> references) {
    return IntStream.iterate(0, i -> i + 1 < references.size(), i -> i + 2)
        .anyMatch(
            i ->
                request.getSymbols(references.get(i)).equals(NAME)
                    && request.getSymbols(references.get(i + 1)).equals(CALLS));
  }

  private static Map<String, String> labels(Request request, List<Integer> references) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i + 1 < references.size(); i += 2) {
      labels.put(request.getSymbols(references.get(i)), request.getSymbols(references.get(i + 1)));
    }
    return labels;
  }

  /** A staleness marker, which is no number, ends a series and takes nothing back. */
  private void keepLatest(Map<String, String> labels, Latest sample) {
    if (!Double.isNaN(sample.value())) {
      calls.merge(labels, sample, (a, b) -> a.timestamp() > b.timestamp() ? a : b);
    }
  }

  /** How many spans all counters of calls together have counted. */
  synchronized long countedSpans() {
    return (long) calls.values().stream().mapToDouble(Latest::value).sum();
  }

  /** How many counters of calls there are. */
  synchronized int labelSets() {
    return calls.size();
  }

  synchronized long requests() {
    return requests;
  }

  /** Bytes of the requests' bodies, compressed. */
  synchronized long bytes() {
    return bytes;
  }

  /** Samples and native histograms. */
  synchronized long samples() {
    return samples;
  }
}
