package dev.weir.ingester.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ingester.backend.BackendEntry;
import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.fixture.MemoryBackend;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceRecords;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SegmentStoreTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final TraceId TRACE = new TraceId(1, 2);

  private final MemoryBackend backend = new MemoryBackend();
  private final SegmentStore store = new SegmentStore(backend, 1_000_000);

  @Test
  void shouldFindATraceInAllItsSegments() throws Exception {
    write(TENANT, 0, 10, TRACE);
    write(TENANT, 1, 20, TRACE);
    write(TENANT, 2, 20, new TraceId(8, 8));
    write(new TenantId("u"), 1, 20, TRACE);
    assertThat(store.find(TENANT, TRACE).records()).hasSize(2);
  }

  @Test
  void shouldFindWhatAnotherInstanceWroteAfterARefresh() throws Exception {
    SegmentStore other = new SegmentStore(backend, 1_000_000);
    write(TENANT, 0, 10, TRACE);
    assertThat(other.find(TENANT, TRACE).records()).isEmpty();
    other.refresh();
    assertThat(other.find(TENANT, TRACE).records()).hasSize(1);
    store.deleteOlderThan(Instant.ofEpochMilli(11));
    other.refresh();
    assertThat(other.of(TENANT)).isEmpty();
  }

  @Test
  void shouldDeleteSegmentsWhoseNewestRecordIsOld() throws Exception {
    write(TENANT, 0, 10, TRACE);
    write(TENANT, 1, 20, TRACE);
    assertThat(store.deleteOlderThan(Instant.ofEpochMilli(20))).isEqualTo(1);
    assertThat(store.of(TENANT)).extracting(SegmentName::newestTimeMillis).containsExactly(20L);
    assertThat(backend.list()).hasSize(1);
  }

  @Test
  void shouldReadNothingOfSegmentsThatItsFiltersRuleOut() throws Exception {
    for (int partition = 0; partition < 1_000; partition++) {
      write(TENANT, partition, 10, new TraceId(7, partition));
    }
    store.find(TENANT, new TraceId(7, 5)); // fills the cache
    long before = backend.bytesRead();
    assertThat(store.find(TENANT, new TraceId(7, 5)).records()).hasSize(1);
    long whole = backend.list().stream().mapToLong(BackendEntry::size).sum();
    assertThat(backend.bytesRead() - before).isPositive().isLessThan(whole / 20);
  }

  @Test
  void shouldWorkWithoutACache() throws Exception {
    SegmentStore uncached = new SegmentStore(backend, 0);
    write(TENANT, 0, 10, TRACE);
    uncached.refresh();
    assertThat(uncached.find(TENANT, TRACE).records()).hasSize(1);
    assertThat(uncached.find(TENANT, TRACE).records()).hasSize(1);
  }

  @Test
  void shouldCountACorruptSegmentAndGoOn() throws Exception {
    write(TENANT, 0, 10, TRACE);
    write(TENANT, 1, 10, TRACE);
    backend.overwrite(store.of(TENANT).get(0).key(), new byte[10]);
    SegmentMatches matches = store.find(TENANT, TRACE);
    assertThat(matches.unreadable()).isEqualTo(1);
    assertThat(matches.records()).hasSize(1);
  }

  @Test
  void shouldPassOverASegmentThatIsGone() throws Exception {
    write(TENANT, 0, 10, TRACE);
    backend.delete(store.of(TENANT).get(0).key());
    assertThat(store.find(TENANT, TRACE)).isEqualTo(new SegmentMatches(java.util.List.of(), 0, 0));
  }

  @Test
  void shouldNotAnswerHalfWhenTheBackendFails() throws Exception {
    write(TENANT, 0, 10, TRACE);
    backend.failing(true);
    assertThatThrownBy(() -> store.find(TENANT, TRACE))
        .isInstanceOf(BackendUnavailableException.class);
  }

  private void write(TenantId tenant, int partition, long timeMillis, TraceId trace)
      throws BackendException {
    TraceRecords records = new TraceRecords();
    records.append(
        OtlpSpans.scanned(OtlpSpans.of("shop", OtlpSpans.span(trace, partition, "a"))), timeMillis);
    store.write(tenant, partition, 100, 200, records);
  }
}
