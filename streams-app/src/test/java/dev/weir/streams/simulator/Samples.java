package dev.weir.streams.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
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
  record Value(long bits, long startMillis, String type) {
    double number() {
      return Double.longBitsToDouble(bits);
    }

    @Override
    public String toString() {
      return "%s (%016x, %s since %d)"
          .formatted(Double.longBitsToDouble(bits), bits, type, startMillis);
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
    }
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

  private static Value value(TimeSeries series, Sample sample) {
    return new Value(
        Double.doubleToRawLongBits(sample.getValue()),
        sample.getStartTimestamp(),
        series.getMetadata().getType().name());
  }
}
