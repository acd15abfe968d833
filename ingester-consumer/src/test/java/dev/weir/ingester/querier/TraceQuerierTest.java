package dev.weir.ingester.querier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.fixture.MemoryBackend;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.livetraces.CutPolicy;
import dev.weir.ingester.livetraces.CutSegment;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceScanner;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceQuerierTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final TraceId TRACE = new TraceId(1, 2);

  private final MemoryBackend backend = new MemoryBackend();
  private final LiveTraces live =
      new LiveTraces(() -> Instant.EPOCH, new CutPolicy(Duration.ofSeconds(30), 1_000_000));
  private final SegmentStore segments = new SegmentStore(backend, 1_000_000);
  private final TraceQuerier querier = new TraceQuerier(live, segments);
  private long offset;

  @Test
  void shouldMergeLiveTracesAndSegments() throws Exception {
    read(OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "stored")));
    store();
    read(OtlpSpans.of("cart", OtlpSpans.span(TRACE, 2, "live")));
    TraceAnswer answer = querier.find(TENANT, TRACE, Sources.ALL);
    assertThat(OtlpSpans.names(answer.trace())).containsExactly("stored", "live");
    assertThat(answer.inspectedBytes()).isPositive();
    assertThat(find(Sources.LIVE_TRACES)).containsExactly("live");
    assertThat(find(Sources.SEGMENTS)).containsExactly("stored");
  }

  @Test
  void shouldReturnASpanOnceThatWasReadTwice() throws Exception {
    TracesData record = OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a"));
    read(record);
    store();
    read(record);
    assertThat(find(Sources.ALL)).containsExactly("a");
  }

  @Test
  void shouldKeepClientAndServerSpansOfOneId() throws Exception {
    Span server = OtlpSpans.span(TRACE, 1, "server");
    Span client =
        server.toBuilder().setName("client").setKind(Span.SpanKind.SPAN_KIND_CLIENT).build();
    read(OtlpSpans.of("shop", client, server));
    assertThat(find(Sources.ALL)).containsExactly("client", "server");
  }

  @Test
  void shouldPutSpansOfOneResourceTogether() throws Exception {
    read(OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a")));
    read(OtlpSpans.of("cart", OtlpSpans.span(TRACE, 2, "b")));
    read(OtlpSpans.of("shop", OtlpSpans.span(TRACE, 3, "c")));
    TracesData trace = querier.find(TENANT, TRACE, Sources.ALL).trace();
    assertThat(trace.getResourceSpansCount()).isEqualTo(2);
    assertThat(OtlpSpans.names(trace)).containsExactly("a", "c", "b");
  }

  @Test
  void shouldReplaceMalformedText() throws Exception {
    Span span = OtlpSpans.span(TRACE, 1, "caf#: ##! ok");
    byte[] bytes = OtlpSpans.of("shop", span).toByteArray();
    int at = indexOf(bytes, "caf#");
    bytes[at + 3] = (byte) 0xE9; // Latin-1
    bytes[at + 6] = (byte) 0xF0; // a sequence of four bytes, cut off
    bytes[at + 7] = (byte) 0x9F;
    read(bytes);
    assertThat(find(Sources.ALL)).containsExactly("caf?: ??! ok");
  }

  @Test
  void shouldReplaceMalformedTextAtTheEndAndLeaveTheRest() throws Exception {
    Span span =
        OtlpSpans.span(TRACE, 1, "grün " + "ä".repeat(2_000) + "#").toBuilder()
            .addAttributes(KeyValue.newBuilder().setKey("k#"))
            .build();
    byte[] bytes = OtlpSpans.of("shop", span).toByteArray();
    bytes[indexOf(bytes, "ä#") + 2] = (byte) 0xC3;
    bytes[indexOf(bytes, "k#") + 1] = (byte) 0x80;
    read(bytes);
    TracesData trace = querier.find(TENANT, TRACE, Sources.ALL).trace();
    assertThat(OtlpSpans.names(trace)).containsExactly("grün " + "ä".repeat(2_000) + "?");
    assertThat(trace.toString()).contains("key: \"k?\"");
  }

  @Test
  void shouldCountARecordThatIsBrokenWithinASpan() throws Exception {
    TracesData good = OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a"));
    byte[] bad =
        OtlpSpans.of(
                "shop",
                OtlpSpans.span(TRACE, 2, "b").toBuilder()
                    .addAttributes(KeyValue.newBuilder().setKey("key"))
                    .build())
            .toByteArray();
    bad[indexOf(bad, "key") - 1] = 100; // longer than the attribute
    read(good);
    read(bad);
    TraceAnswer answer = querier.find(TENANT, TRACE, Sources.ALL);
    assertThat(OtlpSpans.names(answer.trace())).containsExactly("a");
    assertThat(answer.unreadable()).isEqualTo(1);
  }

  @Test
  void shouldFindNothingOfOthers() throws Exception {
    read(OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a")));
    assertThat(querier.find(new TenantId("u"), TRACE, Sources.ALL).isFound()).isFalse();
    assertThat(querier.find(TENANT, new TraceId(2, 2), Sources.ALL).isFound()).isFalse();
  }

  @Test
  void shouldFailRatherThanLeaveSegmentsOut() throws Exception {
    read(OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a")));
    store();
    backend.failing(true);
    assertThatThrownBy(() -> find(Sources.ALL)).isInstanceOf(BackendUnavailableException.class);
  }

  private List<String> find(Sources sources) throws Exception {
    return OtlpSpans.names(querier.find(TENANT, TRACE, sources).trace());
  }

  private void read(TracesData record) throws Exception {
    read(record.toByteArray());
  }

  private void read(byte[] record) throws Exception {
    live.append(0, offset++, TENANT, new TraceScanner().scan(record), 0);
  }

  private void store() throws Exception {
    CutSegment segment = live.cut(0).orElseThrow();
    segments.write(
        TENANT, 0, segment.firstOffset(), segment.lastOffset(), segment.tenants().get(TENANT));
    live.written(segment);
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .indexOf(ByteString.copyFromUtf8(text).toString(StandardCharsets.ISO_8859_1));
  }
}
