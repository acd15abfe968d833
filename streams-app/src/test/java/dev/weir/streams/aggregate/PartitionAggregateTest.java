package dev.weir.streams.aggregate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.testing.SpanFixtures;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class PartitionAggregateTest implements AggregateOutput, PartitionStore {
  private static final byte[] ACME = {'a', 'c', 'm', 'e'};
  private static final long NOW = 1_700_000_000_000L;
  private static final long WINDOW = NOW / 15_000;

  private static final AggregateSettings SETTINGS =
      new AggregateSettings(
          SpanCodec.OTLP,
          Duration.ofSeconds(15),
          RecordTime.ofBroker(),
          Optional.empty(),
          1,
          LabelRules.NONE,
          new SpanMetricsSettings(true, new HistogramBounds(List.of(1.0))),
          new ServiceGraphSettings(
              true, new HistogramBounds(List.of(1.0)), Duration.ofSeconds(10), 100, List.of()),
          new HostInfoSettings(true, List.of("host.id")));

  private final TreeMap<byte[], byte[]> store = new TreeMap<>(Arrays::compareUnsigned);
  private final List<byte[]> batches = new ArrayList<>();
  private final List<LedgerEntry> ledger = new ArrayList<>();
  private long withoutMetricsFrom = Long.MAX_VALUE;
  private PartitionAggregate aggregate = fromStore();

  private PartitionAggregate fromStore() {
    return new PartitionAggregate(SETTINGS, this::settings, 0, 1, this, this);
  }

  /** Span metrics end with a version from a window on. */
  private EffectiveSettings settings(String tenant, long window) {
    TenantSettings before = SETTINGS.tenants(SeriesLimits.NONE);
    return window < withoutMetricsFrom
        ? new EffectiveSettings(1, before)
        : new EffectiveSettings(
            2,
            new TenantSettings(
                new SpanMetricsSettings(false, before.spanMetrics().bounds()),
                before.serviceGraph(),
                before.hostInfo(),
                before.limits()));
  }

  @Test
  void shouldProcessEachRecordWithWhatIsInForceInItsWindow() {
    withoutMetricsFrom = WINDOW + 1;
    long border = (WINDOW + 1) * 15_000;
    aggregate.accept(ACME, spans("a"), border - 1, 0);
    aggregate.accept(ACME, spans("b"), border, 1);
    aggregate.accept(ACME, spans("c"), border - 1, 2);
    aggregate.flush();

    assertThat(calls()).containsOnlyKeys(WINDOW + " a", WINDOW + " c");
    assertThat(ledger)
        .extracting(LedgerEntry::getOverridesVersion, LedgerEntry::getFirstOffset)
        .containsExactly(tuple(1L, 0L), tuple(2L, 1L), tuple(1L, 2L));
  }

  @Test
  void shouldProcessALateRecordWithWhatIsInForceInTheWindowThatItIsCreditedTo() {
    withoutMetricsFrom = WINDOW + 2;
    aggregate.accept(ACME, spans("a"), NOW, 0);
    aggregate.accept(ACME, spans("b"), (WINDOW + 3) * 15_000, 1);
    aggregate.accept(ACME, spans("c"), NOW, 2);
    aggregate.flush();

    assertThat(calls()).containsOnlyKeys(WINDOW + " a");
    assertThat(ledger)
        .extracting(LedgerEntry::getOverridesVersion, LedgerEntry::getSpansLate)
        .containsExactly(tuple(1L, 0L), tuple(2L, 1L));
  }

  @Test
  void shouldLeaveNothingOnTheHeapAfterAFlush() {
    aggregate.accept(ACME, spans("a"), NOW, 7);
    aggregate.flush();
    aggregate.flush();
    aggregate = fromStore();
    aggregate.flush();

    assertThat(calls()).containsExactly(Map.entry(WINDOW + " a", 1L));
    assertThat(ledger).hasSize(1);
    assertThat(ledger.get(0).getFirstOffset()).isEqualTo(7);
  }

  @Test
  void shouldCreditALateRecordToTheOldestOpenWindow() {
    aggregate.accept(ACME, spans("a"), NOW + 31_000, 0);
    aggregate.accept(ACME, spans("b"), NOW, 1);
    aggregate.flush();

    assertThat(calls()).containsEntry((WINDOW + 2) + " b", 1L);
    assertThat(ledger.get(0).getSpansLate()).isEqualTo(1);
  }

  @Test
  void shouldRememberItsTimeOverARestart() {
    aggregate.accept(ACME, spans("a"), NOW + 31_000, 0);
    aggregate.flush();
    aggregate = fromStore();
    aggregate.accept(ACME, spans("b"), NOW, 1);
    aggregate.flush();

    assertThat(calls()).containsEntry((WINDOW + 2) + " b", 1L);
  }

  @Test
  void shouldKnowRecordsThatItHasDealtWithAfterARestart() {
    aggregate.accept(ACME, spans("a"), NOW, 7);
    aggregate.goesOnAt(8);
    aggregate.flush();
    aggregate = fromStore();

    assertThat(aggregate.isRepeated(7, NOW)).isTrue();
    assertThat(aggregate.isRepeated(8, NOW)).isFalse();
    assertThat(aggregate.isRepeated(0, NOW + 1)).as("of a new topic").isFalse();
  }

  @Test
  void shouldSayHowManyPartitionsThereAreFromTheMarkOn() {
    aggregate.accept(ACME, spans("a"), NOW, 0);
    aggregate.flush();
    aggregate.grown(NOW + 30_000, 1, 3);
    aggregate.flush();
    aggregate = fromStore();
    aggregate.mark(NOW + 60_000);
    aggregate.flush();

    assertThat(batches.stream().map(batch -> new DeltaBatchReader(batch).sourcePartitions()))
        .containsExactly(1, 3, 3);
  }

  @Test
  void shouldCountNothingOfARecordThatIsBrokenAtItsEnd() {
    byte[] broken = Arrays.copyOf(spans("a", "b"), spans("a", "b").length - 1);

    assertThat(aggregate.accept(ACME, broken, NOW, 0))
        .hasValueSatisfying(reason -> assertThat(reason).contains("exceeds the"));
    aggregate.flush();

    assertThat(calls()).isEmpty();
    assertThat(ledger).isEmpty();
    assertThat(aggregate.nowMillis()).isEqualTo(NOW);
  }

  @Test
  void shouldRefuseARecordWithoutTenantButTakeItsTime() {
    assertThat(aggregate.accept(new byte[0], spans("a"), NOW, 0))
        .hasValue("the tenant, which is the record's key, is empty");

    assertThat(aggregate.nowMillis()).isEqualTo(NOW);
  }

  @Test
  void shouldSayOnceThatAWindowIsComplete() {
    aggregate.readEmpty(NOW);
    assertThat(aggregate.hasNewlyCompleteWindow()).isTrue();
    aggregate.flush();

    aggregate.readEmpty(NOW + 1);

    assertThat(aggregate.hasNewlyCompleteWindow()).isFalse();
    aggregate.flush();
    assertThat(batches).hasSize(1);
  }

  @Test
  void shouldSendALargeBatchOnBeforeTheCommit() {
    for (int i = 0; i < 4; i++) {
      aggregate.accept(ACME, spans("x".repeat(200_000) + i), NOW + 15_000L * i, i);
    }
    assertThat(batches).hasSize(1);
    aggregate.flush();

    assertThat(calls()).hasSize(4);
    assertThat(new DeltaBatchReader(batches.get(0)).openFrom()).isZero();
  }

  /** Names of 33 MB are more than it keeps; the window changes while a record is staged. */
  @Test
  void shouldCountWhatIsStagedWhenItKnowsTooManyNames() {
    for (int i = 0; i < 33; i++) {
      aggregate.accept(ACME, spans("x".repeat(1_000_000) + i), NOW, i);
    }
    aggregate.accept(ACME, spans("staged"), NOW + 15_000, 33);
    aggregate.accept(ACME, spans("next"), NOW + 15_000, 34);
    aggregate.flush();

    assertThat(calls())
        .containsEntry((WINDOW + 1) + " staged", 1L)
        .containsEntry((WINDOW + 1) + " next", 1L)
        .hasSize(35);
  }

  @Test
  void shouldRefuseProgressOfAnotherVersion() {
    store.put(new byte[] {0}, new byte[] {9});

    assertThatThrownBy(this::fromStore)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("partition state of version 9; this program reads versions 1 to 3");
  }

  @Test
  void shouldTellHostsOfARecordThatCountsAndOfNoOther() {
    byte[] hosts = SpanFixtures.aSpan().withoutResource().withResource("host.id", "h").toBytes();

    aggregate.accept(ACME, Arrays.copyOf(hosts, hosts.length - 1), NOW, 0);
    aggregate.flush();
    assertThat(groups()).doesNotContain(MetricGroup.HOST_INFO);

    aggregate.accept(ACME, hosts, NOW, 1);
    aggregate.flush();
    assertThat(groups()).contains(MetricGroup.HOST_INFO);
  }

  private List<MetricGroup> groups() {
    List<MetricGroup> groups = new ArrayList<>();
    for (byte[] batch : batches) {
      DeltaBatchReader reader = new DeltaBatchReader(batch);
      while (reader.next()) {
        reader.addTo(new Tally(reader.group().vectorLength(2)));
        groups.add(reader.group());
      }
    }
    return groups;
  }

  @Test
  void shouldWriteItsStateAnewWithoutATraceOfWhereCommitsFell() {
    aggregate.accept(ACME, client("a"), NOW, 0);
    aggregate.flush();
    aggregate.accept(ACME, client("b"), NOW + 1, 1);
    aggregate.flush();
    Map<String, String> several = writtenAnew();
    assertThat(several).hasSize(2).isNotEqualTo(text(store));

    store.clear();
    aggregate = fromStore();
    aggregate.accept(ACME, client("a"), NOW, 0);
    aggregate.accept(ACME, client("b"), NOW + 1, 1);
    aggregate.flush();
    assertThat(several).isEqualTo(writtenAnew()).isEqualTo(text(store));
  }

  private Map<String, String> writtenAnew() {
    TreeMap<byte[], byte[]> anew = new TreeMap<>(Arrays::compareUnsigned);
    fromStore()
        .writeAnew(
            new PartitionStore() {
              @Override
              public void put(byte[] key, byte[] value) {
                anew.put(key, value);
              }

              @Override
              public void delete(byte[] key) {
                anew.remove(key);
              }

              @Override
              public void forEach(BiConsumer<byte[], byte[]> entry) {
                anew.forEach(entry);
              }
            });
    return text(anew);
  }

  private static Map<String, String> text(Map<byte[], byte[]> entries) {
    Map<String, String> text = new TreeMap<>();
    HexFormat hex = HexFormat.of();
    entries.forEach((key, value) -> text.put(hex.formatHex(key), hex.formatHex(value)));
    return text;
  }

  /** A span that waits for its server's side. */
  private static byte[] client(String name) {
    Span span =
        Span.newBuilder()
            .setName(name)
            .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
            .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
            .setSpanId(ByteString.copyFromUtf8((name + "0000000").substring(0, 8)))
            .build();
    KeyValue service =
        KeyValue.newBuilder()
            .setKey("service.name")
            .setValue(AnyValue.newBuilder().setStringValue("shop"))
            .build();
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(service))
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  private static byte[] spans(String... names) {
    ScopeSpans.Builder spans = ScopeSpans.newBuilder();
    for (String name : names) {
      spans.addSpans(Span.newBuilder().setName(name));
    }
    return TracesData.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
        .build()
        .toByteArray();
  }

  /** Calls by window and span name. */
  private Map<String, Long> calls() {
    Map<String, Long> calls = new HashMap<>();
    for (byte[] batch : batches) {
      DeltaBatchReader reader = new DeltaBatchReader(batch);
      while (reader.next()) {
        Tally tally = new Tally(MetricGroup.SPAN_METRICS.vectorLength(2));
        reader.addTo(tally);
        calls.merge(
            reader.window() + " " + spanName(reader),
            tally.amounts().exact(0).longValue(),
            Long::sum);
      }
    }
    return calls;
  }

  private static String spanName(DeltaBatchReader reader) {
    dev.weir.schemas.layout.ByteReader labels =
        new dev.weir.schemas.layout.ByteReader()
            .reset(reader.buffer(), reader.labelsOffset(), reader.labelsLength());
    while (labels.hasMore()) {
      String name = new String(labels.prefixed(), UTF_8);
      String value = new String(labels.prefixed(), UTF_8);
      if (name.equals("span_name")) {
        return value;
      }
    }
    return "";
  }

  @Override
  public void deltas(int shard, byte[] batch) {
    batches.add(batch);
  }

  @Override
  public void ledger(LedgerEntry entry) {
    ledger.add(entry);
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
  public void forEach(BiConsumer<byte[], byte[]> entry) {
    store.forEach(entry);
  }
}
