package dev.weir.streams.aggregate;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.WindowClock.Verdict;
import dev.weir.streams.hostinfo.HostInfo;
import dev.weir.streams.series.DeltaSink;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.Edges.EdgeCounts;
import dev.weir.streams.spanmetrics.SpanMetrics;
import java.nio.charset.StandardCharsets;

/**
 * One tenant in one partition: its processors, and its books since the last commit. Not
 * thread-safe.
 */
final class TenantAggregate {
  private final byte[] tenant;
  private final SpanMetrics spanMetrics;
  private final Edges edges;
  private final HostInfo hostInfo;
  private long firstOffset = -1;
  private long lastOffset = -1;
  private long records;
  private long spans;
  private long late;
  private long ahead;
  private long skipped;

  TenantAggregate(byte[] tenant, AggregateSettings settings) {
    this.tenant = tenant;
    this.spanMetrics =
        new SpanMetrics(tenant, settings.spanMetrics(), settings.shards(), settings.labels());
    this.edges =
        new Edges(
            tenant,
            settings.serviceGraph().edges(),
            settings.serviceGraph().series(),
            settings.serviceGraph().bounds(),
            settings.shards(),
            settings.labels());
    this.hostInfo =
        new HostInfo(
            tenant, settings.hostInfo(), settings.shards(), new LabelsWriter(settings.labels()));
  }

  byte[] tenant() {
    return tenant;
  }

  SpanMetrics spanMetrics() {
    return spanMetrics;
  }

  Edges edges() {
    return edges;
  }

  HostInfo hostInfo() {
    return hostInfo;
  }

  boolean isTouched() {
    return spanMetrics.isTouched() || edges.isTouched() || hostInfo.isTouched();
  }

  void drain(DeltaSink sink) {
    spanMetrics.drain(sink);
    edges.drain(sink);
    hostInfo.drain(sink);
  }

  /** Forgets the keys of each processor if they take much memory. */
  void forgetIfLargerThan(int maxBytes) {
    spanMetrics.forgetIfLargerThan(maxBytes);
    edges.forgetIfLargerThan(maxBytes);
    hostInfo.forgetIfLargerThan(maxBytes);
  }

  /** Enters a record into the books. */
  void book(long offset, int spansOfRecord, Verdict verdict, boolean isSkipped) {
    firstOffset = firstOffset < 0 ? offset : firstOffset;
    lastOffset = offset;
    records++;
    spans += spansOfRecord;
    late += verdict == Verdict.LATE ? spansOfRecord : 0;
    ahead += verdict == Verdict.AHEAD ? spansOfRecord : 0;
    skipped += isSkipped ? spansOfRecord : 0;
  }

  /** Whether the books have something to say. */
  boolean isBooked() {
    return records > 0 || !edges.counts().isEmpty();
  }

  /** Closes the books. */
  LedgerEntry takeLedger(int partition) {
    long invalid = spanMetrics.takeInvalid();
    long filtered = spanMetrics.takeFiltered();
    LedgerEntry.Builder entry =
        LedgerEntry.newBuilder()
            .setTenant(new String(tenant, StandardCharsets.UTF_8))
            .setSourcePartition(partition)
            .setFirstOffset(firstOffset)
            .setLastOffset(lastOffset)
            .setRecords(records)
            .setSpansReceived(spans)
            .setSpansCounted(spans - invalid - filtered - skipped)
            .setSpansLate(late)
            .setSpansAhead(ahead)
            .setServiceGraph(serviceGraph(edges.takeCounts()))
            .setResourcesInvalidUtf8(hostInfo.takeInvalid());
    putIfAny(entry, "invalid_utf8", invalid);
    putIfAny(entry, "skip_flag", skipped);
    putIfAny(entry, "span_metrics_filtered", filtered);
    firstOffset = -1;
    lastOffset = -1;
    records = 0;
    spans = 0;
    late = 0;
    ahead = 0;
    skipped = 0;
    return entry.build();
  }

  private static void putIfAny(LedgerEntry.Builder entry, String reason, long count) {
    if (count > 0) {
      entry.putSpansDiscarded(reason, count);
    }
  }

  private static dev.weir.schemas.v1.ServiceGraph serviceGraph(EdgeCounts counts) {
    return dev.weir.schemas.v1.ServiceGraph.newBuilder()
        .setHalfEdges(counts.halves())
        .setEdgesPaired(counts.paired())
        .setEdgesSingle(counts.single())
        .setEdgesVirtual(counts.virtual())
        .putAllUnpaired(counts.unpaired())
        .setEdgesInvalidUtf8(counts.invalid())
        .setLinks(counts.links())
        .setEdgesFurther(counts.further())
        .setForgotten(counts.forgotten())
        .build();
  }
}
