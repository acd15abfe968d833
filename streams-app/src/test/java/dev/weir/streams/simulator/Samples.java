package dev.weir.streams.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v2.BucketSpan;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Samples by tenant, series and time. */
final class Samples {

  /** Which sample; a series is its labels in order, as text. */
  record Id(String tenant, String series, long timestampMillis) implements Comparable<Id> {
    @Override
    public int compareTo(Id other) {
      int byTenant = tenant.compareTo(other.tenant);
      int bySeries = byTenant != 0 ? byTenant : series.compareTo(other.series);
      return bySeries != 0 ? bySeries : Long.compare(timestampMillis, other.timestampMillis);
    }
  }

  /** What it says, to the bit. */
  record Value(long bits, long startMillis, String type, String histogram) {

    /** A sample that is one number. */
    Value(long bits, long startMillis, String type) {
      this(bits, startMillis, type, "");
    }

    double number() {
      return Double.longBitsToDouble(bits);
    }

    Value with(List<String> exemplars) {
      return new Value(bits, startMillis, type, histogram + exemplars);
    }

    @Override
    public String toString() {
      return "%s (%016x, %s since %d) %s"
          .formatted(Double.longBitsToDouble(bits), bits, type, startMillis, histogram);
    }
  }

  /** The name of what counts, and the bound of a bucket. */
  private static final Pattern COUNT =
      Pattern.compile("__name__=(\\w+_(?:total|count|bucket))(?:.* (le=[^,\\]]+))?");

  private Samples() {}

  /**
   * Reads what shards wrote. A series' samples must come in the order of their times, from one
   * shard.
   */
  static Map<Id, Value> read(List<List<OutboxRecord>> shards)
      throws InvalidProtocolBufferException {
    Map<Id, Value> samples = new HashMap<>();
    Map<String, Id> last = new HashMap<>();
    for (List<OutboxRecord> shard : shards) {
      for (OutboxRecord record : shard) {
        read(record, samples, last);
      }
    }
    return samples;
  }

  /**
   * By how much all series of a metric and bucket together grew, by tenant and time. Sums of
   * seconds are left out, since they are no integers.
   */
  static Map<Id, Long> growth(Map<Id, Value> samples) {
    Map<Id, Long> growth = new HashMap<>();
    Map<String, Value> last = new HashMap<>();
    new TreeMap<>(samples)
        .forEach(
            (id, value) -> {
              Matcher name = COUNT.matcher(id.series());
              if (name.find() && !Double.isNaN(value.number())) {
                Value before = last.put(id.tenant() + id.series(), value);
                boolean goesOn = before != null && before.startMillis() == value.startMillis();
                Id metric =
                    new Id(id.tenant(), name.group(1) + name.group(2), id.timestampMillis());
                growth.merge(
                    metric, (long) (value.number() - (goesOn ? before.number() : 0)), Long::sum);
              }
            });
    growth.values().removeIf(amount -> amount == 0);
    return growth;
  }

  private static void read(OutboxRecord record, Map<Id, Value> samples, Map<String, Id> last)
      throws InvalidProtocolBufferException {
    Request request = Request.parseFrom(record.request());
    for (TimeSeries series : request.getTimeseriesList()) {
      String labels = labels(request, series);
      for (Sample sample : series.getSamplesList()) {
        Id id = new Id(record.tenant(), labels, sample.getTimestamp());
        Id before = last.put(record.tenant() + labels, id);
        assertThat(before == null || before.timestampMillis() < id.timestampMillis())
            .as("%s comes after %s", id, before)
            .isTrue();
        samples.put(id, value(series, sample));
      }
      for (Histogram histogram : series.getHistogramsList()) {
        Id id = new Id(record.tenant(), labels, histogram.getTimestamp());
        Id before = last.put(record.tenant() + labels, id);
        assertThat(before == null || before.timestampMillis() < id.timestampMillis())
            .as("%s comes after %s", id, before)
            .isTrue();
        samples.put(id, value(series, histogram));
      }
      if (series.getExemplarsCount() > 0) {
        List<String> exemplars = new ArrayList<>();
        series.getExemplarsList().forEach(e -> exemplars.add(text(request, e)));
        samples.computeIfPresent(
            last.get(record.tenant() + labels), (id, value) -> value.with(exemplars));
      }
    }
  }

  private static String text(Request request, Exemplar exemplar) {
    List<String> labels =
        exemplar.getLabelsRefsList().stream().map(request.getSymbolsList()::get).toList();
    return "%s %s@%d".formatted(labels, exemplar.getValue(), exemplar.getTimestamp());
  }

  private static String labels(Request request, TimeSeries series) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      labels.add(
          label(
              request.getSymbols(series.getLabelsRefs(i)),
              request.getSymbols(series.getLabelsRefs(i + 1))));
    }
    return labels.toString();
  }

  static String label(String name, String value) {
    return name + '=' + value;
  }

  /** Buckets by index, in the order of their index; its sum is the value. */
  private static Value value(TimeSeries series, Histogram histogram) {
    Map<Integer, Double> buckets = new TreeMap<>();
    int index = 0;
    int bucket = 0;
    long count = 0;
    for (BucketSpan span : histogram.getPositiveSpansList()) {
      index += span.getOffset();
      for (int i = 0; i < span.getLength(); i++) {
        if (histogram.hasCountInt()) {
          count += histogram.getPositiveDeltas(bucket++);
        }
        buckets.put(
            index++,
            histogram.hasCountInt() ? (double) count : histogram.getPositiveCounts(bucket++));
      }
    }
    double all =
        histogram.hasCountInt() ? (double) histogram.getCountInt() : histogram.getCountFloat();
    double zero =
        histogram.hasCountInt()
            ? (double) histogram.getZeroCountInt()
            : histogram.getZeroCountFloat();
    return new Value(
        Double.doubleToRawLongBits(histogram.getSum()),
        histogram.getStartTimestamp(),
        series.getMetadata().getType().name(),
        "schema %d, %s, %s of 0, %s of %s, %s"
            .formatted(
                histogram.getSchema(),
                histogram.hasCountInt() ? "integers" : "floats",
                zero,
                buckets,
                all,
                histogram.getResetHint()));
  }

  private static Value value(TimeSeries series, Sample sample) {
    return new Value(
        Double.doubleToRawLongBits(sample.getValue()),
        sample.getStartTimestamp(),
        series.getMetadata().getType().name());
  }
}
