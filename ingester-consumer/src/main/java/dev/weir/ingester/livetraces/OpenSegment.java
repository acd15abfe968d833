package dev.weir.ingester.livetraces;

import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.ScannedTraces;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceRecords;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A partition's records since its last cut. Guarded by {@link LiveTraces}. */
final class OpenSegment {
  private final Instant openedAt;
  private final long firstOffset;
  private final Map<TenantId, TraceRecords> tenants = new LinkedHashMap<>();
  private long lastOffset;
  private long recordBytes;
  private long heapBytes;
  private @Nullable CutSegment cutAs;

  OpenSegment(Instant openedAt, long firstOffset) {
    this.openedAt = openedAt;
    this.firstOffset = firstOffset;
    this.lastOffset = firstOffset;
  }

  void reach(long offset) {
    lastOffset = offset;
  }

  void append(TenantId tenant, ScannedTraces record, long timeMillis) {
    recordBytes += record.bytes().length;
    heapBytes +=
        tenants.computeIfAbsent(tenant, any -> new TraceRecords()).append(record, timeMillis);
  }

  boolean isDue(Instant now, CutPolicy policy) {
    return recordBytes >= policy.maxBytes() || !now.isBefore(openedAt.plus(policy.maxAge()));
  }

  List<byte[]> find(TenantId tenant, TraceId id) {
    TraceRecords records = tenants.get(tenant);
    return records == null ? List.of() : records.find(id);
  }

  long heapBytes() {
    return heapBytes;
  }

  long traces() {
    return tenants.values().stream().mapToLong(TraceRecords::traces).sum();
  }

  CutSegment cut(int partition) {
    CutSegment segment = new CutSegment(partition, firstOffset, lastOffset, tenants);
    cutAs = segment;
    return segment;
  }

  /** By identity: the same range may be read, and cut, again after a rebalance. */
  @SuppressWarnings("ReferenceEquality")
  boolean isCutAs(CutSegment segment) {
    return cutAs == segment;
  }
}
