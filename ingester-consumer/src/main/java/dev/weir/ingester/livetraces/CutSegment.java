package dev.weir.ingester.livetraces;

import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceRecords;
import java.util.Map;

/**
 * An offset range of one partition that nothing is added to any more.
 *
 * @param partition the partition
 * @param firstOffset of the range, inclusive
 * @param lastOffset of the range, inclusive
 * @param tenants their records in the range; empty if none of its records had spans
 */
public record CutSegment(
    int partition, long firstOffset, long lastOffset, Map<TenantId, TraceRecords> tenants) {
  public CutSegment {
    tenants = Map.copyOf(tenants);
  }
}
