package dev.weir.ingester.segment;

import dev.weir.ingester.backend.Backend;
import dev.weir.ingester.backend.BackendEntry;
import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.backend.ObjectMissingException;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments in the backend: writes them, knows which exist, finds traces in them, deletes old
 * ones. Thread-safe, but {@link #refresh} and {@link #deleteOlderThan} belong to one thread.
 *
 * <p>What a look-up costs: per segment of the tenant a probe of its filter in memory; two small
 * reads if the filter is not cached (10 bits per trace); for a segment that has the trace, and for
 * one in a hundred others, its index (about 24 bytes per trace); and the pages with the trace's
 * records, half a mebibyte each before compression. Data of other segments is never read.
 */
public final class SegmentStore {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);

  private final Backend backend;
  private final SummaryCache summaries;

  /** Size in bytes by name. */
  private final NavigableMap<SegmentName, Long> segments = new ConcurrentSkipListMap<>();

  /**
   * @param filterCacheBytes bound of the heap that filters of segments may take
   */
  public SegmentStore(Backend backend, long filterCacheBytes) {
    this.backend = backend;
    this.summaries = new SummaryCache(filterCacheBytes);
  }

  /** Reads from the backend which segments exist: those of other instances, too. */
  public void refresh() throws BackendUnavailableException {
    Set<SegmentName> known = new TreeSet<>(segments.keySet());
    Map<SegmentName, Long> listed = new TreeMap<>();
    for (BackendEntry entry : backend.list()) {
      SegmentName.parse(entry.key()).ifPresent(name -> listed.put(name, entry.size()));
    }
    segments.putAll(listed);
    known.removeAll(listed.keySet()); // not those written while the list was read
    known.forEach(this::forget);
  }

  /**
   * Writes one tenant's records of an offset range. When this returns, they are durable and can be
   * found.
   */
  public void write(
      TenantId tenant, int partition, long firstOffset, long lastOffset, TraceRecords records)
      throws BackendUnavailableException {
    long newest = Math.max(0, records.newestTimeMillis());
    SegmentName name = new SegmentName(tenant, partition, firstOffset, lastOffset, newest);
    long size = backend.put(name.key(), out -> SegmentWriter.write(records, out));
    summaries.remove(name);
    segments.put(name, size);
  }

  /** The tenant's segments, by partition and offset. */
  public List<SegmentName> of(TenantId tenant) {
    return segments.tailMap(new SegmentName(tenant, 0, 0, 0, 0)).keySet().stream()
        .takeWhile(name -> name.tenant().equals(tenant))
        .toList();
  }

  /**
   * Finds a trace in all segments of a tenant.
   *
   * @throws BackendUnavailableException if not all of them can be read now
   */
  public SegmentMatches find(TenantId tenant, TraceId id) throws BackendException {
    Lookup lookup = new Lookup(id);
    for (SegmentName name : of(tenant)) {
      lookup.in(name);
    }
    return new SegmentMatches(lookup.records, lookup.bytesRead, lookup.unreadable);
  }

  /** Deletes the segments whose newest record is older than {@code limit}; says how many. */
  public int deleteOlderThan(Instant limit) throws BackendUnavailableException {
    Set<SegmentName> old =
        segments.keySet().stream()
            .filter(name -> name.newestTimeMillis() < limit.toEpochMilli())
            .collect(Collectors.toSet());
    for (SegmentName name : old) {
      backend.delete(name.key());
      forget(name);
    }
    return old.size();
  }

  private void forget(SegmentName name) {
    segments.remove(name);
    summaries.remove(name);
  }

  /** One trace's way through the segments. */
  private final class Lookup {
    private final TraceId id;
    private final List<byte[]> records = new ArrayList<>();
    private long bytesRead;
    private int unreadable;

    Lookup(TraceId id) {
      this.id = id;
    }

    void in(SegmentName name) throws BackendException {
      Long size = segments.get(name);
      if (size == null) {
        return; // expired meanwhile
      }
      SegmentReader reader = new SegmentReader(backend, name.key(), size);
      try {
        SegmentSummary summary = summary(name, reader);
        if (summary.filter().mayContain(id)) {
          records.addAll(reader.find(summary, id));
        }
      } catch (ObjectMissingException e) {
        LOG.debug("segment {} has been deleted", name.key());
      } catch (CorruptSegmentException e) {
        unreadable++;
        LOG.error("{}", e.getMessage());
      }
      bytesRead += reader.bytesRead();
    }

    private SegmentSummary summary(SegmentName name, SegmentReader reader)
        throws BackendException, CorruptSegmentException {
      SegmentSummary summary = summaries.get(name).orElse(null);
      if (summary == null) {
        summary = reader.summary();
        summaries.put(name, summary);
      }
      return summary;
    }
  }
}
