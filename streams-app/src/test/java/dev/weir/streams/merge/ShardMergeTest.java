package dev.weir.streams.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.Dimensions;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import dev.weir.streams.weight.WeightSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardMergeTest {
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(1.0));
  private static final int SHARD = 3;
  private static final List<String> OPERATIONS = List.of("a", "b", "c", "d", "e");
  private static final double STALE = Double.longBitsToDouble(0x7FF0000000000002L);

  private final MapStore store = new MapStore();
  private final List<String> tenants = new ArrayList<>();
  private final List<byte[]> outbox = new ArrayList<>();
  private SeriesLimits limits = SeriesLimits.NONE;
  private HistogramBounds otherBounds = new HistogramBounds(List.of(0.5, 1.0));
  private MetricSelection otherSelection = MetricSelection.ALL;
  private long otherFrom = Long.MAX_VALUE;
  private long otherTo = Long.MAX_VALUE;
  private ShardMerge merge = fromStore();

  private ShardMerge fromStore() {
    MergeSettings settings =
        new MergeSettings(
            Duration.ofSeconds(10),
            2,
            Map.of(MetricGroup.SPAN_METRICS, BOUNDS, MetricGroup.SERVICE_GRAPH, BOUNDS),
            Map.of(),
            ExemplarFormat.DEFAULT,
            SampleNaming.DEFAULT,
            8,
            SeriesLimits.NONE);
    return new ShardMerge(
        settings,
        (tenant, window) -> new EffectiveSettings(0, tenants(window)),
        SHARD,
        settings.newCardinality(),
        store,
        (tenant, request) -> {
          tenants.add(new String(tenant, UTF_8));
          outbox.add(request);
        });
  }

  @Test
  void shouldBeginANewSeriesWith0AtTheStartOfItsWindow() {
    merge.accept(batch(101, calls(100, "acme", "a", 3)));
    closeAll();

    assertThat(callsOf("a")).containsExactly("1000000: 0.0", "1010000: 3.0");
    assertThat(merge.completeThroughMillis()).hasValue(1_010_000);
  }

  @Test
  void shouldHoldWindowsOpenForAPartitionThatNobodyOwnsThoughOthersAreHoursAhead() {
    merge.accept(batchOf(0, 2, 101, calls(100, "acme", "a", 3)));
    for (int hour = 1; hour <= 5; hour++) {
      merge.accept(batchOf(0, 2, 101 + hour * 360, calls(100 + hour * 360, "acme", "a", 1)));
    }
    closeAll();
    assertThat(outbox).isEmpty();

    merge.accept(batchOf(1, 2, 101, calls(100, "acme", "b", 5)));
    closeAll();

    assertThat(callsOf("a")).containsExactly("1000000: 0.0", "1010000: 3.0");
    assertThat(callsOf("b")).containsExactly("1000000: 0.0", "1010000: 5.0");
    assertThat(merge.completeThroughMillis()).hasValue(1_010_000);
    assertThat(merge.lateDeltas()).isZero();
  }

  @Test
  void shouldRepeatEndAndForgetASeriesThatDoesNotGrow() {
    merge.accept(batch(101, calls(100, "acme", "a", 3)));
    merge.accept(batch(106));
    closeAll();
    merge.flush();

    assertThat(callsOf("a"))
        .containsExactly("1000000: 0.0", "1010000: 3.0", "1020000: 3.0", "1030000: stale");
    assertThat(store.entries).hasSize(1); // progress only
  }

  @Test
  void shouldContinueASeriesThatGrowsInTheWindowAfterItsEnd() {
    merge.accept(batch(101, calls(100, "acme", "a", 3)));
    merge.accept(batch(104, calls(103, "acme", "a", 1)));
    closeAll();

    assertThat(callsOf("a")).endsWith("1030000: stale", "1040000: 4.0");
  }

  @Test
  void shouldBeginASeriesAnewThatGrowsLaterThanThat() {
    merge.accept(batch(101, calls(100, "acme", "a", 3)));
    merge.accept(batch(105, calls(104, "acme", "a", 1)));
    closeAll();

    assertThat(callsOf("a")).endsWith("1030000: stale", "1040000: 0.0", "1050000: 1.0");
  }

  @Test
  void shouldAddWhatOtherPartitionsSayBeforeAWindowIsClosed() {
    merge.accept(batchOf(0, 2, 102, calls(100, "acme", "a", 3)));
    merge.accept(batchOf(1, 2, 101, calls(100, "acme", "a", 4)));
    closeAll();

    assertThat(callsOf("a")).containsExactly("1000000: 0.0", "1010000: 7.0");
  }

  @Test
  void shouldCutRecordsAtTenantsAndAfter100LabelSets() {
    for (int i = 0; i < 150; i++) {
      merge.accept(batch(0, calls(100, "acme", "op" + i, 1)));
    }
    merge.accept(batch(101, calls(100, "zeta", "a", 1)));
    closeAll();

    assertThat(tenants).containsExactly("acme", "acme", "zeta");
    assertThat(merge.activeLabelSets()).isEqualTo(151);
  }

  @Test
  void shouldGoOnWithinAWindowAfterARestart() {
    for (int i = 0; i < 250; i++) {
      merge.accept(batch(0, calls(100, "acme", "op" + i, 1)));
    }
    merge.accept(batch(101));
    assertThat(merge.closeSlices(1)).isTrue();
    merge.flush();

    merge = fromStore();
    closeAll();

    assertThat(outbox).hasSize(3);
    assertThat(callsOf("op0")).hasSize(2);
    assertThat(callsOf("op249")).hasSize(2);
  }

  @Test
  void shouldWriteTheSameWhereverClosingIsCommittedAndLost() {
    for (int i = 0; i < 550; i++) {
      merge.accept(batch(0, calls(100, "acme", "op" + i, 1)));
    }
    merge.accept(batch(101));
    merge.flush();
    TreeMap<byte[], byte[]> before = new TreeMap<>(store.entries);
    closeAll();
    List<byte[]> expected = List.copyOf(outbox);
    assertThat(expected).hasSize(6);

    for (int committed = 0; committed <= 6; committed++) {
      for (int lost = 0; lost <= 6 - committed; lost++) {
        restart(before, 0);
        closeSlices(committed);
        merge.flush();
        TreeMap<byte[], byte[]> atCommit = new TreeMap<>(store.entries);
        int written = outbox.size();
        closeSlices(lost);
        restart(atCommit, written);
        closeAll();

        assertThat(outbox)
            .as("%d slices committed, %d lost", committed, lost)
            .usingElementComparator(Arrays::compare)
            .isEqualTo(expected);
      }
    }
  }

  private void closeSlices(int count) {
    for (int i = 0; i < count; i++) {
      merge.closeSlices(1);
    }
  }

  private void restart(Map<byte[], byte[]> state, int written) {
    store.entries.clear();
    store.entries.putAll(state);
    outbox.subList(written, outbox.size()).clear();
    merge = fromStore();
  }

  @Test
  void shouldNotGoThroughMillionsOfEmptyWindowsOneByOne() {
    merge.accept(batch(170_000_001, calls(1, "acme", "a", 1), calls(170_000_000, "acme", "b", 2)));
    int steps = 0;
    while (merge.closeSlices(1)) {
      steps++;
    }

    assertThat(steps).isLessThan(20);
    assertThat(callsOf("a")).startsWith("10000: 0.0", "20000: 1.0");
    assertThat(callsOf("b")).containsExactly("1700000000000: 0.0", "1700000010000: 2.0");
    assertThat(merge.completeThroughMillis()).hasValue(1_700_000_010_000L);
  }

  @Test
  void shouldCreditGrowthInAClosedWindowToTheOldestOpenOne() {
    merge.accept(batch(102, calls(100, "acme", "a", 1)));
    closeAll();
    merge.accept(batch(103, calls(100, "acme", "a", 5)));
    closeAll();

    assertThat(callsOf("a")).endsWith("1020000: 1.0", "1030000: 6.0");
    assertThat(merge.lateDeltas()).isEqualTo(1);
  }

  @Test
  void shouldFoldWhatIsBeyondTheShardsShareOfALimit() {
    limits = new SeriesLimits(SeriesLimits.Unit.ENTITY, 0, 16); // 2 in each of 8 shards
    merge.accept(batch(101, growthOf("acme", 100, 1, 2, 4, 8, 16)));
    merge.accept(batch(102, growthOf("acme", 101, 1, 1, 1, 1, 1)));
    closeAll();

    List<String> admitted = OPERATIONS.stream().filter(name -> !callsOf(name).isEmpty()).toList();
    assertThat(admitted).hasSize(2);
    long folded = 31 - admitted.stream().mapToLong(name -> 1L << OPERATIONS.indexOf(name)).sum();
    assertThat(callsOf("true"))
        .containsExactly(
            "1000000: 0.0", "1010000: " + folded + ".0", "1020000: " + (folded + 3) + ".0");
    assertThat(labelsOf("true"))
        .containsExactly(
            "__name__",
            "traces_spanmetrics_calls_total",
            "metric_overflow",
            "true",
            "overflow_shard",
            "3");
  }

  @Test
  void shouldAdmitInTheOrderOfHashes() {
    limits = new SeriesLimits(SeriesLimits.Unit.ENTITY, 0, 16);
    merge.accept(batch(0, growthOf("acme", 100, 1, 1, 1, 1, 1)));
    merge.flush();
    List<byte[]> inOrder =
        store.entries.tailMap(new byte[] {1}).keySet().stream().limit(2).toList();
    merge.accept(batch(101));
    closeAll();

    assertThat(store.entries.keySet()).containsAll(inOrder);
  }

  @Test
  void shouldLetWhatIsActiveGoOnWhateverTheLimit() {
    merge.accept(batch(101, growthOf("acme", 100, 1, 1, 1, 1, 1)));
    closeAll();
    limits = new SeriesLimits(SeriesLimits.Unit.SERIES, 1, 0);
    merge.accept(batch(102, growthOf("acme", 101, 1, 1, 1, 1, 1)));
    closeAll();

    OPERATIONS.forEach(name -> assertThat(callsOf(name)).endsWith("1020000: 2.0"));
  }

  @Test
  void shouldAdmitALabelSetFrom0WhenAnotherHasEnded() {
    limits = new SeriesLimits(SeriesLimits.Unit.ENTITY, 0, 1);
    merge.accept(batch(101, calls(100, "acme", "a", 3)));
    merge.accept(batch(102, calls(101, "acme", "b", 5)));
    merge.accept(batch(104));
    closeAll();
    merge.accept(batch(105, calls(104, "acme", "b", 7)));
    closeAll();

    assertThat(callsOf("b")).containsExactly("1040000: 0.0", "1050000: 7.0");
    assertThat(callsOf("true"))
        .containsExactly("1010000: 0.0", "1020000: 5.0", "1030000: 5.0", "1040000: stale");
  }

  @Test
  void shouldLimitTenantsApart() {
    limits = new SeriesLimits(SeriesLimits.Unit.SERIES, 8, 0);
    merge.accept(batch(0, calls(100, "acme", "a", 1)));
    merge.accept(batch(101, calls(100, "zeta", "b", 1)));
    closeAll();

    assertThat(callsOf("a")).isNotEmpty();
    assertThat(callsOf("b")).isNotEmpty();
    assertThat(callsOf("true")).isEmpty();
  }

  @Test
  void shouldTellWhatATenantHas() {
    limits = new SeriesLimits(SeriesLimits.Unit.ENTITY, 0, 16);
    merge.accept(batch(101, growthOf("acme", 100, 1, 1, 1, 1, 1)));
    closeAll();

    assertThat(merge.takeUsage())
        .containsExactly(new TenantUsage("acme", limits, count(2), count(2), count(0), count(3)));

    merge.accept(batch(104, calls(103, "acme", "true", 1)));
    closeAll();

    assertThat(merge.takeUsage())
        .containsExactly(new TenantUsage("acme", limits, count(1), count(1), count(2), count(0)));
  }

  @Test
  void shouldCountWhatAPredecessorLeftThatDidNotCount() {
    merge.accept(batch(101, growthOf("acme", 100, 1, 1, 1, 1, 1)));
    closeAll();
    merge.flush();
    store.entries.keySet().removeIf(key -> key.length > 1 && key[0] == 0);

    merge = fromStore();

    assertThat(merge.takeUsage()).extracting(TenantUsage::active).containsExactly(count(5));
    merge.flush();
    assertThat(store.entries.keySet()).filteredOn(key -> key[0] == 0).hasSize(2);
  }

  private static TenantUsage.Count count(long calls) {
    return new TenantUsage.Count(calls, calls);
  }

  private static Growth[] growthOf(String tenant, long window, long... calls) {
    return IntStream.range(0, calls.length)
        .mapToObj(i -> calls(window, tenant, OPERATIONS.get(i), calls[i]))
        .toArray(Growth[]::new);
  }

  @Test
  void shouldGoOnWithTheBucketsThatStay() {
    otherFrom = 101;
    merge.accept(batch(101, calls(100, "acme", "a", 3).observing(0, 2).observing(1, 1)));
    merge.accept(batch(102, calls(101, "acme", "a", 1).observing(0, 1)));
    closeAll();

    assertThat(samplesOf("calls_total", "")).endsWith("1010000: 3.0", "1020000: 4.0");
    assertThat(samplesOf("latency_bucket", "1")).endsWith("1010000: 2.0", "1020000: 3.0");
    assertThat(samplesOf("latency_bucket", "+Inf")).endsWith("1010000: 3.0", "1020000: 4.0");
    assertThat(samplesOf("latency_bucket", "0.5")).containsExactly("1010000: 0.0", "1020000: 1.0");
  }

  @Test
  void shouldEndTheBucketsThatGoEvenIfNothingGrows() {
    otherBounds = new HistogramBounds(List.of(2.0));
    otherFrom = 101;
    merge.accept(batch(101, calls(100, "acme", "a", 3).observing(0, 2)));
    closeAll();
    merge.flush();
    merge = fromStore();
    merge.accept(batch(102));
    closeAll();

    assertThat(samplesOf("latency_bucket", "1")).endsWith("1010000: 2.0", "1010001: stale");
    assertThat(samplesOf("latency_bucket", "2")).containsExactly("1010000: 0.0", "1020000: 0.0");
    assertThat(samplesOf("latency_count", "")).endsWith("1010000: 2.0", "1020000: 2.0");
  }

  @Test
  void shouldSayWhenABucketCameToBe() {
    otherFrom = 101;
    merge.accept(batch(101, calls(100, "acme", "a", 3).observing(0, 2)));
    merge.accept(batch(103, calls(102, "acme", "a", 3).observing(0, 2)));
    closeAll();

    assertThat(startsOf("latency_bucket", "0.5")).containsOnly(1_010_000L);
    assertThat(startsOf("latency_bucket", "1")).containsOnly(1_000_000L);
  }

  @Test
  void shouldEndAtOnceWhatIsDeselectedAndGoOnWhenItIsBack() {
    otherBounds = BOUNDS;
    otherSelection = new MetricSelection(Set.of(0), false);
    otherFrom = 101;
    otherTo = 103;
    merge.accept(batch(101, calls(100, "acme", "a", 3).observing(0, 2)));
    merge.accept(batch(102, calls(101, "acme", "a", 1)));
    merge.accept(batch(104, calls(103, "acme", "a", 1).observing(0, 5)));
    closeAll();

    assertThat(samplesOf("latency_count", ""))
        .containsExactly("1000000: 0.0", "1010000: 2.0", "1010001: stale", "1040000: 7.0");
    assertThat(samplesOf("calls_total", ""))
        .endsWith("1020000: 4.0", "1030000: 4.0", "1040000: 5.0");
  }

  @Test
  void shouldEndEverythingOfAProcessorThatIsLeftOutOnlyOnce() {
    otherBounds = BOUNDS;
    otherSelection = MetricSelection.NONE;
    otherFrom = 101;
    merge.accept(batch(101, calls(100, "acme", "a", 3).observing(0, 2)));
    merge.accept(batch(105));
    closeAll();

    assertThat(outbox).hasSize(2);
    assertThat(callsOf("a")).filteredOn(text -> text.endsWith("stale")).hasSize(3);
  }

  @Test
  void shouldNotLetWhatIsDeselectedTakePartInLimits() {
    otherSelection = new MetricSelection(Set.of(0), false);
    otherFrom = 101;
    merge.accept(batch(101, calls(100, "acme", "a", 3).observing(0, 2)));
    closeAll();
    assertThat(merge.takeUsage())
        .extracting(TenantUsage::active)
        .containsExactly(new TenantUsage.Count(5, 1));

    merge.accept(batch(102));
    closeAll();
    assertThat(merge.takeUsage())
        .extracting(TenantUsage::active)
        .containsExactly(new TenantUsage.Count(1, 1));

    merge.accept(batch(104));
    closeAll();
    assertThat(merge.takeUsage())
        .extracting(TenantUsage::active)
        .containsExactly(new TenantUsage.Count(0, 0));
  }

  private TenantSettings tenants(long window) {
    boolean others = otherFrom <= window && window < otherTo;
    HistogramBounds bounds = others ? otherBounds : BOUNDS;
    return new TenantSettings(
        new SpanMetricsSettings(
            true,
            bounds,
            Dimensions.DEFAULT,
            FilterPolicies.NONE,
            TargetInfoSettings.DISABLED,
            false,
            new SeriesSettings(
                others ? otherSelection : MetricSelection.ALL,
                WeightSettings.NONE,
                NativeSettings.DEFAULT,
                false)),
        new ServiceGraphSettings(true, bounds, Duration.ofSeconds(10), 100, List.of()),
        HostInfoSettings.DISABLED,
        limits);
  }

  private void closeAll() {
    boolean more = true;
    while (more) {
      more = merge.closeSlices(1);
    }
  }

  /** A label set that grew. */
  private record Growth(
      long window, String tenant, String name, long calls, Map<Integer, Integer> observed) {

    /** Also observed durations, by bucket. */
    Growth observing(int bucket, int count) {
      Map<Integer, Integer> more = new TreeMap<>(observed);
      more.put(bucket, count);
      return new Growth(window, tenant, name, calls, more);
    }
  }

  private static Growth calls(long window, String tenant, String name, long calls) {
    return new Growth(window, tenant, name, calls, Map.of());
  }

  private static byte[] batch(long openFrom, Growth... growths) {
    return batchOf(0, 1, openFrom, growths);
  }

  private static byte[] batchOf(int source, int sources, long openFrom, Growth... growths) {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    for (Growth growth : growths) {
      byte[] labels =
          new ByteWriter(0)
              .prefixed("span_name".getBytes(UTF_8))
              .prefixed(growth.name().getBytes(UTF_8))
              .toByteArray();
      MetricGroup group = MetricGroup.SPAN_METRICS;
      Amounts amounts = new Amounts(group.vectorLength(3)); // what is 0 is not written
      amounts.add(0, 0, growth.calls());
      growth
          .observed()
          .forEach((bucket, count) -> amounts.add(group.sumIndex(0, 3) + 1 + bucket, 0, count));
      amounts.write(
          writer.labelSet(
              growth.window(),
              growth.tenant().getBytes(UTF_8),
              group,
              0,
              labels,
              0,
              labels.length));
    }
    return writer.finish(source, sources, openFrom);
  }

  /** The samples of an operation's calls, in the order of the outbox. */
  private List<String> callsOf(String name) {
    List<String> samples = new ArrayList<>();
    for (byte[] record : outbox) {
      Request request = parse(record);
      for (TimeSeries series : request.getTimeseriesList()) {
        if (request.getSymbols(series.getLabelsRefs(3)).equals(name)) {
          series.getSamplesList().forEach(sample -> samples.add(text(sample)));
        }
      }
    }
    return samples;
  }

  /** Names and values of the labels of the series whose second label has that value. */
  private List<String> labelsOf(String name) {
    Request request = parse(outbox.get(1));
    return request.getTimeseriesList().stream()
        .map(series -> series.getLabelsRefsList().stream().map(request::getSymbols).toList())
        .filter(labels -> labels.get(3).equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The samples of a metric's series of a bucket, or of none, in the order of the outbox. */
  private List<String> samplesOf(String metric, String le) {
    return samplesOf(metric, le, ShardMergeTest::text);
  }

  private List<Long> startsOf(String metric, String le) {
    return samplesOf(metric, le, Sample::getStartTimestamp);
  }

  private <T> List<T> samplesOf(String metric, String le, Function<Sample, T> of) {
    List<T> samples = new ArrayList<>();
    for (byte[] record : outbox) {
      Request request = parse(record);
      for (TimeSeries series : request.getTimeseriesList()) {
        List<String> labels = series.getLabelsRefsList().stream().map(request::getSymbols).toList();
        int bound = labels.indexOf("le");
        if (labels.get(1).endsWith(metric) && le.equals(bound < 0 ? "" : labels.get(bound + 1))) {
          series.getSamplesList().forEach(sample -> samples.add(of.apply(sample)));
        }
      }
    }
    return samples;
  }

  private static String text(Sample sample) {
    boolean isStale =
        Double.doubleToRawLongBits(sample.getValue()) == Double.doubleToRawLongBits(STALE);
    return sample.getTimestamp() + ": " + (isStale ? "stale" : sample.getValue());
  }

  private static Request parse(byte[] record) {
    try {
      return Request.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
