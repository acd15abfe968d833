package dev.weir.streams.outbox;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns label sets of one tenant and one window into a remote-write 2.0 request. The request is a
 * function of what was added, in that order, to the bit. Not thread-safe.
 *
 * <p>A counter exists from its first increment on, a histogram from its first observation. The
 * window in which one comes to exist also gets a sample of 0 for it at the window's start, for each
 * of its parts, so that an increase over time sees the first increment. A gauge is 1 as long as its
 * label set lasts; it counts nothing, so it has neither that sample nor a start.
 */
public final class SampleBatch {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The bits by which Prometheus knows that a series has ended. */
  private static final double STALE = Double.longBitsToDouble(0x7FF0000000000002L);

  private static final String NAME = "__name__";
  private static final String BOUND = "le";

  private final SampleNaming naming;
  private final long startMillis;
  private final long endMillis;
  private final Request.Builder request = Request.newBuilder();
  private final Map<String, Integer> symbols = new HashMap<>();
  private final List<String> labelNames = new ArrayList<>();
  private final List<Integer> labelRefs = new ArrayList<>();
  private List<Map.Entry<String, String>> external = List.of();
  private int labelSets;

  /**
   * @param naming what metrics are called, and what labels they have beside their own
   * @param startMillis start of the window, Unix milliseconds
   * @param endMillis its end, which is the time of the samples
   */
  public SampleBatch(SampleNaming naming, long startMillis, long endMillis) {
    this.naming = naming;
    this.startMillis = startMillis;
    this.endMillis = endMillis;
    symbol("");
  }

  /** Label sets added so far. */
  public int labelSets() {
    return labelSets;
  }

  /**
   * How many series a label set has.
   *
   * @param buckets buckets of each histogram, the unbounded one included
   * @param amounts what it amounts to
   */
  public static int series(MetricGroup group, int buckets, Amounts amounts) {
    int series = 0;
    for (int counter = 0; counter < group.counters(); counter++) {
      series += amounts.isZero(counter) ? 0 : 1;
    }
    for (int histogram = 0; histogram < group.histograms(); histogram++) {
      int first = group.sumIndex(histogram, buckets) + 1;
      boolean isObserved =
          IntStream.range(first, first + buckets).anyMatch(bucket -> !amounts.isZero(bucket));
      series += isObserved ? buckets + 2 : 0;
    }
    return series;
  }

  /** The request with everything that was added. */
  public byte[] toByteArray() {
    return request.build().toByteArray();
  }

  /**
   * Adds a label set's samples.
   *
   * @param layout its buckets in this window; those that it has since then begin with 0
   * @param before its amounts before the window
   * @param after its amounts at the window's end
   * @param createdMillis since when its amounts count, Unix milliseconds
   */
  public void add(
      SeriesKey key, BucketLayout layout, Amounts before, Amounts after, long createdMillis) {
    add(key, layout, before, after, createdMillis, false);
  }

  /** Adds staleness markers to everything that a label set has. */
  public void addStale(SeriesKey key, BucketLayout layout, Amounts amounts) {
    add(key, layout, amounts, amounts, 0, true);
  }

  /**
   * Adds staleness markers to buckets that a label set has no longer, right behind their last
   * sample: at the window's end one that comes back in the next window has its 0.
   *
   * @param amounts under the former layout
   */
  public void addGone(SeriesKey key, BucketLayout former, BucketLayout layout, Amounts amounts) {
    MetricGroup group = key.group();
    HistogramBounds bounds = former.bounds();
    readLabels(key);
    for (int histogram = 0; histogram < group.histograms(); histogram++) {
      Amounts count = new Amounts(1);
      for (int bucket = 0; bucket < bounds.buckets(); bucket++) {
        count.addEntry(0, amounts, group.sumIndex(histogram, bounds.buckets()) + 1 + bucket);
      }
      for (String le : count.isZero(0) ? List.<String>of() : bounds.texts()) {
        if (!layout.bounds().texts().contains(le)) {
          begin(
                  MetricNames.of(group, naming).histograms().get(histogram) + "_bucket",
                  le,
                  Metadata.MetricType.METRIC_TYPE_HISTOGRAM)
              .addSamples(sample(STALE, startMillis + 1, 0));
        }
      }
    }
  }

  private void add(
      SeriesKey key,
      BucketLayout layout,
      Amounts before,
      Amounts after,
      long createdMillis,
      boolean stale) {
    MetricGroup group = key.group();
    MetricNames names = MetricNames.of(group, naming);
    readLabels(key);
    labelSets++;
    for (int counter = 0; counter < group.counters(); counter++) {
      if (!after.isZero(counter)) {
        boolean gauge = group.isGauge();
        series(
            names.counters().get(counter),
            "",
            gauge ? Metadata.MetricType.METRIC_TYPE_GAUGE : Metadata.MetricType.METRIC_TYPE_COUNTER,
            gauge ? 1 : after.asDouble(counter),
            !gauge && before.isZero(counter),
            gauge ? 0 : createdMillis,
            stale);
      }
    }
    for (int histogram = 0; histogram < group.histograms(); histogram++) {
      histogram(
          names.histograms().get(histogram),
          layout,
          group.sumIndex(histogram, layout.bounds().buckets()),
          before,
          after,
          createdMillis,
          stale);
    }
  }

  private void histogram(
      String name,
      BucketLayout layout,
      int sum,
      Amounts before,
      Amounts after,
      long createdMillis,
      boolean stale) {
    HistogramBounds buckets = layout.bounds();
    Amounts cumulative = new Amounts(1);
    Amounts countBefore = new Amounts(1);
    List<Double> counts = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
      cumulative.addEntry(0, after, sum + 1 + bucket);
      countBefore.addEntry(0, before, sum + 1 + bucket);
      counts.add(cumulative.asDouble(0));
    }
    if (cumulative.isZero(0)) {
      return;
    }
    boolean isNew = countBefore.isZero(0);
    Metadata.MetricType type = Metadata.MetricType.METRIC_TYPE_HISTOGRAM;
    for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
      long sinceMillis = layout.since(bucket) * (endMillis - startMillis);
      series(
          name + "_bucket",
          buckets.texts().get(bucket),
          type,
          counts.get(bucket),
          isNew || sinceMillis == startMillis,
          stale ? 0 : Math.max(createdMillis, sinceMillis),
          stale);
    }
    series(name + "_count", "", type, cumulative.asDouble(0), isNew, createdMillis, stale);
    series(
        name + "_sum",
        "",
        type,
        after.asDouble(sum) / NANOS_PER_SECOND,
        isNew,
        createdMillis,
        stale);
  }

  private void series(
      String name,
      String le,
      Metadata.MetricType type,
      double value,
      boolean isNew,
      long createdMillis,
      boolean stale) {
    TimeSeries.Builder series = begin(name, le, type);
    if (isNew && !stale) {
      series.addSamples(sample(0, startMillis, createdMillis));
    }
    series.addSamples(sample(stale ? STALE : value, endMillis, createdMillis));
  }

  private TimeSeries.Builder begin(String name, String le, Metadata.MetricType type) {
    TimeSeries.Builder series = request.addTimeseriesBuilder();
    addLabelRefs(series, name, le);
    return series.setMetadata(Metadata.newBuilder().setType(type));
  }

  private static Sample sample(double value, long timestamp, long createdMillis) {
    return Sample.newBuilder()
        .setValue(value)
        .setTimestamp(timestamp)
        .setStartTimestamp(createdMillis)
        .build();
  }

  private void readLabels(SeriesKey key) {
    if (labelSets == 0) {
      external = List.copyOf(naming.external().of(text(key.tenant())).entrySet());
    }
    labelNames.clear();
    labelRefs.clear();
    int offset = key.labelsOffset();
    ByteReader own = new ByteReader().reset(key.bytes(), offset, key.bytes().length - offset);
    int next = 0;
    while (own.hasMore()) {
      String name = text(own.prefixed());
      String value = text(own.prefixed());
      while (next < external.size() && external.get(next).getKey().compareTo(name) < 0) {
        addExternal(external.get(next++));
      }
      if (next == external.size() || !external.get(next).getKey().equals(name)) {
        add(name, value);
      }
    }
    external.subList(next, external.size()).forEach(this::addExternal);
  }

  private void addExternal(Map.Entry<String, String> label) {
    add(label.getKey(), label.getValue());
  }

  private void add(String name, String value) {
    labelNames.add(name);
    labelRefs.add(symbol(name));
    labelRefs.add(symbol(value));
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** The label set's own labels are in order; name and bound are put in their places. */
  private void addLabelRefs(TimeSeries.Builder series, String name, String le) {
    boolean nameDone = false;
    boolean boundDone = le.isEmpty();
    for (int i = 0; i < labelNames.size(); i++) {
      if (!nameDone && NAME.compareTo(labelNames.get(i)) < 0) {
        addLabel(series, NAME, name);
        nameDone = true;
      }
      if (!boundDone && BOUND.compareTo(labelNames.get(i)) < 0) {
        addLabel(series, BOUND, le);
        boundDone = true;
      }
      series.addLabelsRefs(labelRefs.get(2 * i)).addLabelsRefs(labelRefs.get(2 * i + 1));
    }
    if (!nameDone) {
      addLabel(series, NAME, name);
    }
    if (!boundDone) {
      addLabel(series, BOUND, le);
    }
  }

  private void addLabel(TimeSeries.Builder series, String name, String value) {
    series.addLabelsRefs(symbol(name)).addLabelsRefs(symbol(value));
  }

  private int symbol(String text) {
    Integer known = symbols.get(text);
    if (known != null) {
      return known;
    }
    int index = symbols.size();
    symbols.put(text, index);
    request.addSymbols(text);
    return index;
  }
}
