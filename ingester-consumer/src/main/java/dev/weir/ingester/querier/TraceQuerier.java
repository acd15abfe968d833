package dev.weir.ingester.querier;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.segment.SegmentMatches;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceExtractor;
import dev.weir.ingester.trace.TraceId;
import dev.weir.schemas.otlp.MalformedOtlpException;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;

/** Answers queries for a trace by its id, from live traces and segments. Thread-safe. */
public final class TraceQuerier {
  private static final SegmentMatches NO_MATCHES = new SegmentMatches(List.of(), 0, 0);

  private final LiveTraces liveTraces;
  private final SegmentStore segments;

  public TraceQuerier(LiveTraces liveTraces, SegmentStore segments) {
    this.liveTraces = liveTraces;
    this.segments = segments;
  }

  /**
   * Finds a trace.
   *
   * @throws BackendException if a segment cannot be read now; an incomplete answer would look like
   *     a complete one
   */
  public TraceAnswer find(TenantId tenant, TraceId id, Sources sources) throws BackendException {
    // Live traces first: a segment can be found in the backend before it stops being live.
    List<byte[]> live = sources == Sources.SEGMENTS ? List.of() : liveTraces.find(tenant, id);
    SegmentMatches stored = sources == Sources.LIVE_TRACES ? NO_MATCHES : segments.find(tenant, id);
    Assembly assembly = new Assembly(id, stored.bytesRead(), stored.unreadable());
    stored.records().forEach(assembly::add);
    live.forEach(assembly::add);
    live.forEach(record -> assembly.inspectedBytes += record.length);
    return new TraceAnswer(assembly.merge.trace(), assembly.inspectedBytes, assembly.unreadable);
  }

  /** The trace as far as it has been put together. */
  private static final class Assembly {
    private final TraceExtractor extractor;
    private final TextRepair repair = new TextRepair();
    private final TraceMerge merge = new TraceMerge();
    private long inspectedBytes;
    private int unreadable;

    Assembly(TraceId id, long inspectedBytes, int unreadable) {
      this.extractor = new TraceExtractor(id);
      this.inspectedBytes = inspectedBytes;
      this.unreadable = unreadable;
    }

    void add(byte[] record) {
      try {
        byte[] part = extractor.extract(record);
        repair.repair(part, TracesData.getDescriptor());
        merge.add(TracesData.parseFrom(part));
      } catch (MalformedOtlpException | InvalidProtocolBufferException e) {
        unreadable++; // valid down to its spans, or it would not be here, but not within them
      }
    }
  }
}
