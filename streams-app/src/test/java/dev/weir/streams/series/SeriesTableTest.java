package dev.weir.streams.series;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.weight.WeightSettings;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeriesTableTest {
  private static final byte[] TENANT = {'t'};
  private static final byte[] NAME = {'n'};
  private static final int BUCKETS = 2;
  private static final int SHARDS = 3;
  private static final int SIZE = 1;
  private static final int SUM = 2;

  private SeriesTable table =
      new SeriesTable(TENANT, MetricGroup.SPAN_METRICS, SeriesSettings.DEFAULT, BUCKETS, SHARDS);
  private final LabelsWriter labels = new LabelsWriter(LabelRules.NONE);

  @Test
  void shouldTellManySeriesApart() {
    for (int i = 0; i < 20_000; i++) {
      int entry = entry("key" + i % 5_000);
      table.count(entry);
      table.add(entry, SIZE, i % 5_000);
    }

    Map<String, Amounts> drained = drain();

    assertThat(drained).hasSize(5_000);
    drained.forEach(
        (label, amounts) -> {
          long number = Long.parseLong(label.substring("key".length()));
          assertThat(amounts.exact(0)).isEqualTo(4);
          assertThat(amounts.exact(SIZE)).isEqualTo(4 * number);
        });
  }

  @Test
  void shouldBeginAt0AfterADrainAndStillKnowItsKeys() {
    int entry = entry("a");
    table.count(entry);
    table.observe(entry, 0, 7, 1);
    drain();

    assertThat(table.isTouched()).isFalse();
    assertThat(drain()).isEmpty();
    assertThat(find("a")).isEqualTo(entry);
    table.count(entry);
    assertThat(drain().get("a").exact(SUM)).isZero();
  }

  @Test
  void shouldAddDurationsBeyond64Bits() {
    int entry = entry("a");
    for (int i = 0; i < 5; i++) {
      table.count(entry);
      table.observe(entry, 0, -1, 1); // 2⁶⁴ − 1, unsigned
    }

    Amounts amounts = drain().get("a");

    BigInteger largest = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    assertThat(amounts.exact(SUM)).isEqualTo(largest.multiply(BigInteger.valueOf(5)));
    assertThat(amounts.exact(SUM + 1)).isZero();
    assertThat(amounts.exact(SUM + 2)).isEqualTo(5);
  }

  @Test
  void shouldHandOverOnlyWhatIsSelected() {
    table =
        new SeriesTable(
            TENANT,
            MetricGroup.SPAN_METRICS,
            new SeriesSettings(
                new MetricSelection(Set.of(SIZE), false),
                WeightSettings.NONE,
                NativeSettings.DEFAULT,
                false),
            BUCKETS,
            SHARDS);
    int entry = entry("a");
    table.count(entry);
    table.add(entry, SIZE, 9);
    table.observe(entry, 0, -1, 1);
    table.observe(entry, 0, -1, 1);

    Amounts amounts = drain().get("a");

    assertThat(amounts.exact(SIZE)).isEqualTo(9);
    for (int other : new int[] {0, SUM, SUM + 1, SUM + 2}) {
      assertThat(amounts.isZero(other)).isTrue();
    }
  }

  @Test
  void shouldForgetAllKeysWhenTheyTakeTooMuch() {
    table.count(entry("a"));
    drain();
    table.forgetIfLargerThan(1_000);
    assertThat(find("a")).isNotNegative();

    table.forgetIfLargerThan(1);

    assertThat(find("a")).isEqualTo(-1);
    table.count(entry("b"));
    assertThat(drain()).containsOnlyKeys("b");
  }

  @Test
  void shouldKnowALabelSetThatIsNotUtf8ByItsKey() {
    labels.begin().label(NAME, new byte[] {(byte) 0xFF});
    int entry = table.insert(NAME, 0, 1, labels);

    assertThat(table.find(NAME, 0, 1)).isEqualTo(entry);
    assertThat(table.isWellFormed(entry)).isFalse();
  }

  @Test
  void shouldHandOverWhatWasOnlyObserved() {
    SeriesTable table =
        new SeriesTable(
            TENANT, MetricGroup.SERVICE_GRAPH_MESSAGING, SeriesSettings.DEFAULT, BUCKETS, 1);
    int entry = table.insert(NAME, 0, 1, labels.begin().label(NAME, NAME));

    table.observeOnly(entry, Long.MIN_VALUE, 0);
    table.observeOnly(entry, Long.MIN_VALUE, 0); // the lower half of the sum is 0 now
    table.observeOnly(entry, 5, 0);

    DeltaBatchWriter writer = new DeltaBatchWriter();
    table.drain(
        (shard, group, flags, bytes, offset, length) ->
            writer.labelSet(0, TENANT, group, flags, bytes, offset, length));
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));
    assertThat(reader.next()).isTrue();
    Tally tally = new Tally(MetricGroup.SERVICE_GRAPH_MESSAGING.vectorLength(BUCKETS));
    reader.addTo(tally);
    Amounts amounts = tally.amounts();
    assertThat(amounts.exact(0)).isEqualTo(BigInteger.ONE.shiftLeft(64).add(BigInteger.valueOf(5)));
    assertThat(amounts.exact(1)).isEqualTo(3);
    assertThat(reader.next()).isFalse();
    assertThat(table.isTouched()).isFalse();
  }

  private int entry(String key) {
    int known = find(key);
    return known >= 0
        ? known
        : table.insert(key.getBytes(UTF_8), 0, key.length(), labels.begin().label(NAME, key(key)));
  }

  private int find(String key) {
    return table.find(key(key), 0, key.length());
  }

  private static byte[] key(String key) {
    return key.getBytes(UTF_8);
  }

  /** The amounts by the value of the label; each must have come to the shard of its hash. */
  private Map<String, Amounts> drain() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    table.drain(
        (shard, group, flags, bytes, offset, length) -> {
          long hash = SeriesKey.hash(TENANT, group, bytes, offset, length, new ByteWriter(0));
          assertThat(shard).isEqualTo(SeriesKey.shard(hash, SHARDS));
          return writer.labelSet(0, TENANT, group, flags, bytes, offset, length);
        });
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));
    Map<String, Amounts> drained = new TreeMap<>();
    while (reader.next()) {
      Tally tally = new Tally(MetricGroup.SPAN_METRICS.vectorLength(BUCKETS));
      reader.addTo(tally);
      Amounts amounts = tally.amounts();
      ByteReader set =
          new ByteReader().reset(reader.buffer(), reader.labelsOffset(), reader.labelsLength());
      set.prefixed();
      drained.put(new String(set.prefixed(), UTF_8), amounts);
    }
    return drained;
  }
}
