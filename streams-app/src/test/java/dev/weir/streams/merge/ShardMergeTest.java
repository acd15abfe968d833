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
import dev.weir.streams.series.HistogramBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShardMergeTest implements SeriesStore {
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(1.0));
  private static final MergeSettings SETTINGS =
      new MergeSettings(
          Duration.ofSeconds(10),
          2,
          Map.of(MetricGroup.SPAN_METRICS, BOUNDS, MetricGroup.SERVICE_GRAPH, BOUNDS));
  private static final double STALE = Double.longBitsToDouble(0x7FF0000000000002L);

  private final TreeMap<byte[], byte[]> store = new TreeMap<>(Arrays::compareUnsigned);
  private final List<String> tenants = new ArrayList<>();
  private final List<byte[]> outbox = new ArrayList<>();
  private ShardMerge merge = fromStore();

  private ShardMerge fromStore() {
    return new ShardMerge(
        SETTINGS,
        this,
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
    assertThat(store).hasSize(1); // progress only
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
    TreeMap<byte[], byte[]> before = new TreeMap<>(store);
    closeAll();
    List<byte[]> expected = List.copyOf(outbox);
    assertThat(expected).hasSize(6);

    for (int committed = 0; committed <= 6; committed++) {
      for (int lost = 0; lost <= 6 - committed; lost++) {
        restart(before, 0);
        closeSlices(committed);
        merge.flush();
        TreeMap<byte[], byte[]> atCommit = new TreeMap<>(store);
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
    store.clear();
    store.putAll(state);
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

  private void closeAll() {
    boolean more = true;
    while (more) {
      more = merge.closeSlices(1);
    }
  }

  /** A label set that grew. */
  private record Growth(long window, String tenant, String name, long calls) {}

  private static Growth calls(long window, String tenant, String name, long calls) {
    return new Growth(window, tenant, name, calls);
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
      Amounts amounts = new Amounts(MetricGroup.SPAN_METRICS.vectorLength(BOUNDS.buckets()));
      amounts.add(0, 0, growth.calls());
      amounts.write(
          writer.labelSet(
              growth.window(),
              growth.tenant().getBytes(UTF_8),
              MetricGroup.SPAN_METRICS,
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

  @Override
  public byte[] get(byte[] key) {
    return store.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    store.remove(key);
  }

  @Override
  public void scan(byte[] from, Visitor visitor) {
    for (Map.Entry<byte[], byte[]> entry : store.tailMap(from).entrySet()) {
      if (!visitor.entry(entry.getKey(), entry.getValue())) {
        return;
      }
    }
  }
}
