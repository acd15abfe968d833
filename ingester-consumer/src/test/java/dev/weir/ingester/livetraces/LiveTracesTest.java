package dev.weir.ingester.livetraces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.ScannedTraces;
import dev.weir.ingester.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LiveTracesTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final TraceId TRACE = new TraceId(1, 2);
  private static final ScannedTraces RECORD =
      OtlpSpans.scanned(OtlpSpans.of("shop", OtlpSpans.span(TRACE, 1, "a")));

  private Instant now = Instant.EPOCH;
  private final LiveTraces live =
      new LiveTraces(() -> now, new CutPolicy(Duration.ofSeconds(30), RECORD.bytes().length * 3L));

  @Test
  void shouldFindATraceFromItsRecordUntilItsSegmentIsWritten() {
    assertThat(live.find(TENANT, TRACE)).isEmpty();
    live.append(0, 7, TENANT, RECORD, 5);
    assertThat(live.find(TENANT, TRACE)).containsExactly(RECORD.bytes());
    CutSegment segment = live.cut(0).orElseThrow();
    assertThat(live.find(TENANT, TRACE)).hasSize(1);
    live.written(segment);
    assertThat(live.find(TENANT, TRACE)).isEmpty();
    assertThat(live.bytes()).isZero();
  }

  @Test
  void shouldKeepTenantsApart() {
    live.append(0, 7, TENANT, RECORD, 5);
    assertThat(live.find(new TenantId("u"), TRACE)).isEmpty();
  }

  @Test
  void shouldCutTheWholeOffsetRange() {
    live.skip(3, 10);
    live.append(3, 11, TENANT, RECORD, 5);
    live.append(3, 12, new TenantId("u"), RECORD, 9);
    live.skip(3, 14);
    CutSegment segment = live.cut(3).orElseThrow();
    assertThat(segment.firstOffset()).isEqualTo(10);
    assertThat(segment.lastOffset()).isEqualTo(14);
    assertThat(segment.tenants()).containsOnlyKeys(TENANT, new TenantId("u"));
    assertThat(segment.tenants().get(TENANT).newestTimeMillis()).isEqualTo(5);
    assertThat(live.cut(3)).isEmpty();
  }

  @Test
  void shouldBeDueByAge() {
    live.skip(1, 0);
    now = now.plusSeconds(29);
    assertThat(live.due()).isEmpty();
    now = now.plusSeconds(1);
    assertThat(live.due()).containsExactly(1);
  }

  @Test
  void shouldBeDueBySize() {
    live.append(1, 0, TENANT, RECORD, 5);
    live.append(1, 1, TENANT, RECORD, 5);
    assertThat(live.due()).isEmpty();
    live.append(1, 2, TENANT, RECORD, 5);
    assertThat(live.due()).containsExactly(1);
  }

  @Test
  void shouldForgetAnOpenSegmentThatAnotherInstanceReads() {
    live.append(0, 7, TENANT, RECORD, 5);
    live.append(1, 7, TENANT, RECORD, 5);
    live.drop(0);
    assertThat(live.openPartitions()).containsExactly(1);
    assertThat(live.traces()).isEqualTo(1);
  }

  @Test
  void shouldTellTwoCutsOfOneRangeApart() {
    live.append(0, 7, TENANT, RECORD, 5);
    CutSegment first = live.cut(0).orElseThrow();
    live.append(0, 7, TENANT, RECORD, 5);
    live.cut(0);
    live.written(first);
    assertThat(live.find(TENANT, TRACE)).hasSize(1);
  }
}
