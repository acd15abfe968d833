package dev.weir.ingester.livetraces;

import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.ScannedTraces;
import dev.weir.ingester.trace.TraceId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Everything that was read and is not in the backend yet: an open segment per partition, and those
 * that were cut and are being written. A trace can be found here from the moment its record was
 * appended until its segment was {@linkplain #written written}. Thread-safe; one lock, held for
 * look-ups in maps only.
 */
public final class LiveTraces {
  private final InstantSource clock;
  private final CutPolicy policy;
  private final Map<Integer, OpenSegment> open = new TreeMap<>();
  private final List<OpenSegment> cut = new ArrayList<>();

  /**
   * @param clock measures the age of open segments
   * @param policy when they are due
   */
  public LiveTraces(InstantSource clock, CutPolicy policy) {
    this.clock = clock;
    this.policy = policy;
  }

  /**
   * Adds a record.
   *
   * @param offset its offset, above those of the partition's earlier records
   * @param timeMillis its time in Kafka
   */
  public synchronized void append(
      int partition, long offset, TenantId tenant, ScannedTraces record, long timeMillis) {
    reached(partition, offset).append(tenant, record, timeMillis);
  }

  /** Notes a record that holds nothing to keep: the partition's offset range covers it. */
  public synchronized void skip(int partition, long offset) {
    reached(partition, offset);
  }

  /** Partitions whose open segment is old or large enough to be cut. */
  public synchronized List<Integer> due() {
    return open.entrySet().stream()
        .filter(entry -> entry.getValue().isDue(clock.instant(), policy))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Partitions that have an open segment. */
  public synchronized List<Integer> openPartitions() {
    return List.copyOf(open.keySet());
  }

  /** Closes a partition's open segment, if it has one; its traces can still be found. */
  public synchronized Optional<CutSegment> cut(int partition) {
    OpenSegment closed = open.remove(partition);
    if (closed == null) {
      return Optional.empty();
    }
    cut.add(closed);
    return Optional.of(closed.cut(partition));
  }

  /** Forgets a segment that is now found elsewhere, or that another instance reads again. */
  public synchronized void written(CutSegment segment) {
    cut.removeIf(closed -> closed.isCutAs(segment));
  }

  /** Forgets a partition's open segment, which another instance reads again. */
  public synchronized void drop(int partition) {
    open.remove(partition);
  }

  /** The records that hold spans of a trace, each a {@code TracesData}, the oldest first. */
  public synchronized List<byte[]> find(TenantId tenant, TraceId id) {
    List<byte[]> found = new ArrayList<>();
    all().forEach(segment -> found.addAll(segment.find(tenant, id)));
    return found;
  }

  /** Heap that all of it takes, about, in bytes. */
  public long bytes() {
    return sum(OpenSegment::heapBytes);
  }

  /** Traces; one that is in two segments counts twice. */
  public long traces() {
    return sum(OpenSegment::traces);
  }

  private synchronized long sum(ToLongFunction<OpenSegment> size) {
    return all().stream().mapToLong(size).sum();
  }

  private List<OpenSegment> all() {
    List<OpenSegment> all = new ArrayList<>(cut);
    all.addAll(open.values());
    return all;
  }

  private OpenSegment reached(int partition, long offset) {
    OpenSegment segment =
        open.computeIfAbsent(partition, any -> new OpenSegment(clock.instant(), offset));
    segment.reach(offset);
    return segment;
  }
}
