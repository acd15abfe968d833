package dev.weir.ingester.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.livetraces.CutPolicy;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceId;
import dev.weir.schemas.topic.IdleMark;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.schemas.topic.TopicContract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordIngestTest {
  private static final TenantId SINGLE = new TenantId(TopicSettings.SINGLE_TENANT);
  private static final TraceId TRACE = new TraceId(1, 2);
  private static final byte[] RECORD =
      OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a")).toByteArray();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LiveTraces live =
      new LiveTraces(() -> Instant.EPOCH, new CutPolicy(Duration.ofSeconds(30), 1_000_000));
  private long offset;

  @Test
  void shouldKeepEverythingForOneTenantUnlessTheyAreToldApart() {
    ingest(SpanCodec.OTLP, false).take(record("any key", RECORD));
    assertThat(live.find(SINGLE, TRACE)).containsExactly(RECORD);
    assertThat(counted("spans.received", "tenant", "single-tenant")).isEqualTo(1);
    assertThat(counted("bytes.received", "tenant", "single-tenant")).isEqualTo(RECORD.length);
  }

  @Test
  void shouldTakeTheTenantFromTheKey() {
    RecordIngest ingest = ingest(SpanCodec.OTLP, true);
    ingest.take(record("acme", RECORD));
    assertThat(live.find(new TenantId("acme"), TRACE)).hasSize(1);
    ingest.take(record(null, RECORD));
    ingest.take(record("", RECORD));
    assertThat(live.find(SINGLE, TRACE)).hasSize(2);
    assertThat(registry.get("weir.ingester.records.without.tenant").counter().count()).isEqualTo(2);
  }

  @Test
  void shouldDiscardWhatItCannotUseAndGoOn() {
    RecordIngest ingest = ingest(SpanCodec.OTLP, true);
    ingest.take(record("../etc", RECORD));
    ingest.take(record("acme", new byte[] {0x0A, 100}));
    ingest.take(record("acme", RECORD));
    assertThat(counted("records.discarded", "reason", "invalid_tenant")).isEqualTo(1);
    assertThat(counted("records.discarded", "reason", "malformed")).isEqualTo(1);
    assertThat(live.find(new TenantId("acme"), TRACE)).hasSize(1);
    assertThat(live.cut(0).orElseThrow().firstOffset()).isZero();
  }

  @Test
  void shouldPassOverRecordsWithoutSpans() {
    RecordIngest ingest = ingest(SpanCodec.OTLP, false);
    ingest.take(record("k", null));
    ingest.take(record("k", new byte[0]));
    ProducerRecord<byte[], byte[]> mark = IdleMark.forPartition("t", 0, new byte[0]);
    ConsumerRecord<byte[], byte[]> idle = record("k", RECORD);
    mark.headers().forEach(idle.headers()::add);
    ingest.take(idle);
    assertThat(live.cut(0).orElseThrow().tenants()).isEmpty();
    assertThat(registry.get("weir.ingester.records.read").counter().count()).isEqualTo(3);
  }

  /** The smallest useful record of Tempo's distributor, twice its trace, and its flag. */
  @Test
  void shouldReadPushBytes() {
    String trace =
        "123f0a3d0a0012390a0012350a100af7651916cd43dd8448eb211c80319c1208b7ad6b7169203331"
            + "2a0161300239"
            + "00ca9a3b000000004100943577000000007a00";
    String ids = "1a100af7651916cd43dd8448eb211c80319c";
    ingest(SpanCodec.PUSH_BYTES, false)
        .take(record("k", HexFormat.of().parseHex(trace + ids + trace + ids + "2801")));
    TraceId id = TraceId.parse("0af7651916cd43dd8448eb211c80319c").orElseThrow();
    List<byte[]> found = live.find(SINGLE, id);
    assertThat(found)
        .containsExactly(HexFormat.of().parseHex(trace.substring(4) + trace.substring(4)));
    assertThat(counted("spans.received", "tenant", "single-tenant")).isEqualTo(2);
  }

  private RecordIngest ingest(SpanCodec codec, boolean multitenancy) {
    TopicSettings topic =
        new TopicSettings(
            Map.of(), TopicContract.spans("t", 1, Duration.ofHours(1)), codec, multitenancy);
    return new RecordIngest(topic, live, new IngesterMetrics(registry), () -> Instant.EPOCH);
  }

  private ConsumerRecord<byte[], byte[]> record(@Nullable String key, byte @Nullable [] value) {
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>("t", 0, offset++, keyBytes, value);
  }

  private double counted(String name, String tag, String value) {
    return registry.get("weir.ingester." + name).tag(tag, value).counter().count();
  }
}
