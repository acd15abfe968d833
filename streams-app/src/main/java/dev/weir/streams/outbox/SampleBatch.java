package dev.weir.streams.outbox;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.Exemplars;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.TraceIdLabel;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** In place of the time of a staleness marker: there are samples. */
  private static final long ALIVE = -1;

  private static final Exemplars NONE = new Exemplars();
  private static final int MAX_NATIVE_EXEMPLARS = 10;
  private static final String NAME = "__name__";
  private static final String BOUND = "le";

  private final SampleNaming naming;
  private final long startMillis;
  private final long endMillis;
  private final RequestWriter request = new RequestWriter();
  private final OwnLabels own = new OwnLabels();
  private final ByteWriter labels = new ByteWriter(128);
  private List<Map.Entry<String, String>> external = List.of();
  private ExemplarFormat format;
  private Exemplars exemplars = NONE;
  private int labelSets;

  /**
   * @param format how exemplars are written
   * @param naming what metrics are called, and what labels they have beside their own
   * @param startMillis start of the window, Unix milliseconds
   * @param endMillis its end, which is the time of the samples
   */
  public SampleBatch(ExemplarFormat format, SampleNaming naming, long startMillis, long endMillis) {
    this.naming = naming;
    this.format = format;
    this.startMillis = startMillis;
    this.endMillis = endMillis;
  }

  /** Exemplars that are added from here on have that label. */
  public void nameTracesBy(TraceIdLabel label) {
    format = new ExemplarFormat(label.name(), format.withoutLeadingZeros());
  }

  /** Label sets added so far. */
  public int labelSets() {
    return labelSets;
  }

  /**
   * How many series a label set has.
   *
   * @param buckets buckets of each classic histogram, the unbounded one included
   * @param tally what it amounts to
   */
  public static int series(MetricGroup group, int buckets, Tally tally, MetricSelection selection) {
    Amounts amounts = tally.amounts();
    int series = 0;
    for (int counter = 0; counter < group.counters(); counter++) {
      series += amounts.isZero(counter) || !selection.counters().contains(counter) ? 0 : 1;
    }
    for (int histogram = 0; selection.classic() && histogram < group.histograms(); histogram++) {
      int first = group.sumIndex(histogram, buckets) + 1;
      boolean isObserved =
          IntStream.range(first, first + buckets).anyMatch(bucket -> !amounts.isZero(bucket));
      series += isObserved ? buckets + 2 : 0;
    }
    for (NativeHistogram histogram : tally.natives()) {
      series += histogram.isEmpty() || !selection.exponential() ? 0 : 1;
    }
    return series;
  }

  /** Whether there is nothing to send. */
  public boolean isEmpty() {
    return request.isEmpty();
  }

  /** The request with everything that was added. */
  public byte[] toByteArray() {
    return request.toByteArray();
  }

  /**
   * Adds a label set's samples.
   *
   * @param layout its buckets in this window; those that it has since then begin with 0
   * @param selection which of its metrics are sent
   * @param before its amounts before the window
   * @param after its amounts at the window's end
   * @param ofWindow the exemplars of the window
   * @param createdMillis since when its amounts count, Unix milliseconds
   */
  public void add(
      SeriesKey key,
      BucketLayout layout,
      MetricSelection selection,
      Tally before,
      Tally after,
      Exemplars ofWindow,
      long createdMillis) {
    exemplars = ofWindow;
    add(key, layout, selection, before, after, createdMillis, ALIVE);
    exemplars = NONE;
    labelSets++;
  }

  /** Adds staleness markers to all that a label set has, which ends. */
  public void addStale(
      SeriesKey key, BucketLayout layout, MetricSelection selection, Tally amounts) {
    add(key, layout, selection, amounts, amounts, 0, endMillis);
    labelSets++;
  }

  /**
   * Adds staleness markers to metrics of a label set that are no longer selected, right behind
   * their last sample, see {@link #addGone}. The label set itself goes on, even if none of its
   * metrics is.
   *
   * @param layout its buckets in the window before
   * @param deselected those of its metrics
   */
  public void addDeselected(
      SeriesKey key, BucketLayout layout, MetricSelection deselected, Tally amounts) {
    if (!deselected.isEmpty()) {
      add(key, layout, deselected, amounts, amounts, 0, startMillis + 1);
    }
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
              MetricNames.of(group, naming).buckets().get(histogram),
              le,
              Metadata.MetricType.METRIC_TYPE_HISTOGRAM);
          request.sample(STALE, startMillis + 1, 0);
        }
      }
    }
  }

  private void add(
      SeriesKey key,
      BucketLayout layout,
      MetricSelection selection,
      Tally before,
      Tally after,
      long createdMillis,
      long staleMillis) {
    MetricGroup group = key.group();
    MetricNames names = MetricNames.of(group, naming);
    readLabels(key);
    for (int counter = 0; counter < group.counters(); counter++) {
      if (selection.counters().contains(counter) && !after.amounts().isZero(counter)) {
        boolean gauge = group.isGauge();
        series(
            names.counters().get(counter),
            "",
            gauge ? Metadata.MetricType.METRIC_TYPE_GAUGE : Metadata.MetricType.METRIC_TYPE_COUNTER,
            gauge ? 1 : after.inUnits(after.amounts().asDouble(counter)),
            !gauge && before.amounts().isZero(counter),
            gauge ? 0 : createdMillis,
            staleMillis);
      }
    }
    for (int histogram = 0; selection.classic() && histogram < group.histograms(); histogram++) {
      histogram(
          names,
          layout,
          group.sumIndex(histogram, layout.bounds().buckets()),
          before,
          after,
          createdMillis,
          staleMillis,
          histogram);
    }
    if (selection.exponential()) {
      for (int histogram = 0; histogram < after.natives().size(); histogram++) {
        boolean isThere =
            nativeHistogram(
                names.histograms().get(histogram), histogram, before, after, staleMillis);
        if (isThere && !selection.classic()) {
          addExemplars(histogram, layout.bounds().buckets());
        }
      }
    }
  }

  /** Whether there is one, to which exemplars can be added. */
  private boolean nativeHistogram(
      String name, int number, Tally before, Tally after, long staleMillis) {
    NativeHistogram histogram = after.natives().get(number);
    if (histogram.isEmpty()) {
      return false;
    }
    NativeSample samples =
        new NativeSample(after, histogram, histogram.since() * (endMillis - startMillis));
    begin(name, "", Metadata.MetricType.METRIC_TYPE_HISTOGRAM);
    if (staleMillis != ALIVE) {
      request.histogram(samples.ofSum(STALE, staleMillis));
      return true;
    }
    boolean isNew = before.natives().size() <= number || before.natives().get(number).isEmpty();
    if (isNew) {
      request.histogram(samples.ofSum(0, startMillis));
    }
    boolean isReset = !isNew && before.natives().get(number).since() != histogram.since();
    request.histogram(samples.whole(endMillis, isReset));
    return true;
  }

  /**
   * Those of a native histogram, in the order of their times; receivers refuse two of the same time
   * in an order of their own, so there is one for each.
   */
  private void addExemplars(int histogram, int buckets) {
    TreeMap<Long, Integer> byTime = new TreeMap<>();
    IntStream.range(0, exemplars.size())
        .filter(i -> exemplars.bucket(i) / buckets == histogram)
        .boxed()
        .sorted(Comparator.comparingLong(exemplars::hash))
        .forEach(
            i -> {
              if (byTime.size() < MAX_NATIVE_EXEMPLARS) {
                byTime.putIfAbsent(timeOf(i), i);
              }
            });
    byTime.values().forEach(this::addExemplar);
  }

  /** The span's end, within the window: so the exemplars of a series never go back in time. */
  private long timeOf(int exemplar) {
    return Math.max(startMillis + 1, Math.min(endMillis, exemplars.endMillis(exemplar)));
  }

  private void addExemplar(int index) {
    labels
        .truncate(0)
        .uvarint(request.symbol(format.traceIdLabel()))
        .uvarint(
            request.symbol(format.traceId(exemplars.traceHigh(index), exemplars.traceLow(index))));
    if (exemplars.span(index) != 0) {
      labels
          .uvarint(request.symbol(TraceIdLabel.SPAN_ID))
          .uvarint(request.symbol(ExemplarFormat.hex(exemplars.span(index))));
    }
    request.exemplar(labels, seconds(exemplars.nanos(index)), timeOf(index));
  }

  private void histogram(
      MetricNames names,
      BucketLayout layout,
      int sum,
      Tally before,
      Tally after,
      long createdMillis,
      long staleMillis,
      int number) {
    HistogramBounds buckets = layout.bounds();
    Amounts cumulative = new Amounts(1);
    Amounts countBefore = new Amounts(1);
    double[] counts = new double[buckets.buckets()];
    for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
      cumulative.addEntry(0, after.amounts(), sum + 1 + bucket);
      countBefore.addEntry(0, before.amounts(), sum + 1 + bucket);
      counts[bucket] = after.inUnits(cumulative.asDouble(0));
    }
    if (cumulative.isZero(0)) {
      return;
    }
    boolean isNew = countBefore.isZero(0);
    Metadata.MetricType type = Metadata.MetricType.METRIC_TYPE_HISTOGRAM;
    int next = 0;
    for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
      long sinceMillis = layout.since(bucket) * (endMillis - startMillis);
      series(
          names.buckets().get(number),
          buckets.texts().get(bucket),
          type,
          counts[bucket],
          isNew || sinceMillis == startMillis,
          Math.max(createdMillis, sinceMillis),
          staleMillis);
      int place = number * buckets.buckets() + bucket;
      while (next < exemplars.size() && exemplars.bucket(next) < place) {
        next++;
      }
      if (next < exemplars.size() && exemplars.bucket(next) == place) {
        addExemplar(next);
      }
    }
    series(
        names.counts().get(number),
        "",
        type,
        after.inUnits(cumulative.asDouble(0)),
        isNew,
        createdMillis,
        staleMillis);
    series(
        names.sums().get(number),
        "",
        type,
        after.inUnits(after.amounts().asDouble(sum)) / NANOS_PER_SECOND,
        isNew,
        createdMillis,
        staleMillis);
  }

  private void series(
      String name,
      String le,
      Metadata.MetricType type,
      double value,
      boolean isNew,
      long createdMillis,
      long staleMillis) {
    begin(name, le, type);
    if (staleMillis != ALIVE) {
      request.sample(STALE, staleMillis, 0);
      return;
    }
    if (isNew) {
      request.sample(0, startMillis, createdMillis);
    }
    request.sample(value, endMillis, createdMillis);
  }

  private static double seconds(long unsignedNanos) {
    Amounts nanos = new Amounts(1);
    nanos.add(0, 0, unsignedNanos);
    return nanos.asDouble(0) / NANOS_PER_SECOND;
  }

  private void begin(String name, String le, Metadata.MetricType type) {
    labels.truncate(0);
    own.writeTo(labels, name, le);
    request.begin(labels, type);
  }

  private void readLabels(SeriesKey key) {
    if (labelSets == 0) {
      external = List.copyOf(naming.external().of(text(key.tenant())).entrySet());
    }
    own.clear();
    int offset = key.labelsOffset();
    ByteReader reader = new ByteReader().reset(key.bytes(), offset, key.bytes().length - offset);
    int next = 0;
    while (reader.hasMore()) {
      String name = text(reader.prefixed());
      String value = text(reader.prefixed());
      while (next < external.size() && external.get(next).getKey().compareTo(name) < 0) {
        addExternal(external.get(next++));
      }
      if (next == external.size() || !external.get(next).getKey().equals(name)) {
        own.add(name, value);
      }
    }
    external.subList(next, external.size()).forEach(this::addExternal);
  }

  private void addExternal(Map.Entry<String, String> label) {
    own.add(label.getKey(), label.getValue());
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * The labels of a label set, in order, as numbers of symbols. A series adds its name and its
   * bound, which have places of their own among them.
   */
  private final class OwnLabels {
    private final ByteWriter refs = new ByteWriter(128);
    private int namePlace;
    private int boundPlace;

    void clear() {
      refs.truncate(0);
      namePlace = 0;
      boundPlace = 0;
    }

    void add(String name, String value) {
      refs.uvarint(request.symbol(name)).uvarint(request.symbol(value));
      namePlace = name.compareTo(NAME) <= 0 ? refs.length() : namePlace;
      boundPlace = name.compareTo(BOUND) <= 0 ? refs.length() : boundPlace;
    }

    void writeTo(ByteWriter to, String name, String le) {
      to.raw(refs.bytes(), 0, namePlace);
      to.uvarint(request.symbol(NAME)).uvarint(request.symbol(name));
      to.raw(refs.bytes(), namePlace, boundPlace - namePlace);
      if (!le.isEmpty()) {
        to.uvarint(request.symbol(BOUND)).uvarint(request.symbol(le));
      }
      to.raw(refs.bytes(), boundPlace, refs.length() - boundPlace);
    }
  }
}
