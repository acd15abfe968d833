package dev.weir.ingester.trace;

import java.util.Collections;
import java.util.Set;

/**
 * A record's {@code TracesData} and what is in it. Immutable as long as nobody writes the bytes.
 */
public final class ScannedTraces {
  private final byte[] bytes;
  private final Set<TraceId> ids;
  private final int spans;
  private final int spansWithoutTrace;

  ScannedTraces(byte[] bytes, Set<TraceId> ids, int spans, int spansWithoutTrace) {
    this.bytes = bytes;
    this.ids = Collections.unmodifiableSet(ids);
    this.spans = spans;
    this.spansWithoutTrace = spansWithoutTrace;
  }

  /** The {@code TracesData}; shared, not to be written. */
  public byte[] bytes() {
    return bytes;
  }

  /** The traces that have spans in it. */
  public Set<TraceId> ids() {
    return ids;
  }

  /** All its spans. */
  public int spans() {
    return spans;
  }

  /** Those that no query can find, since their trace id is empty or longer than 16 bytes. */
  public int spansWithoutTrace() {
    return spansWithoutTrace;
  }
}
