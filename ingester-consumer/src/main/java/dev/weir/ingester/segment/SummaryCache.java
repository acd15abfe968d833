package dev.weir.ingester.segment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The summaries used last, within a bound of heap. Thread-safe. */
final class SummaryCache {
  private final long maxBytes;
  private final Map<SegmentName, SegmentSummary> summaries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  SummaryCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized Optional<SegmentSummary> get(SegmentName name) {
    return Optional.ofNullable(summaries.get(name));
  }

  synchronized void put(SegmentName name, SegmentSummary summary) {
    remove(name);
    summaries.put(name, summary);
    bytes += summary.heapBytes();
    var eldest = summaries.values().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      bytes -= eldest.next().heapBytes();
      eldest.remove();
    }
  }

  synchronized void remove(SegmentName name) {
    SegmentSummary removed = summaries.remove(name);
    bytes -= removed == null ? 0 : removed.heapBytes();
  }
}
