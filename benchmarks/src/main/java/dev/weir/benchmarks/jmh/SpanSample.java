package dev.weir.benchmarks.jmh;

import dev.weir.benchmarks.payload.Payload.SpansRecord;
import dev.weir.benchmarks.payload.StandardPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The first records of the standard payload, about 30 MB: more than the CPU's caches hold. */
final class SpanSample {
  /** Spans in all records together. */
  static final int SPANS = 59_170;

  private final List<byte[]> records = new ArrayList<>();

  /**
   * @throws IllegalStateException if the payload was changed and {@link #SPANS} was not
   */
  SpanSample() {
    StandardPayload payload = new StandardPayload(1, Instant.parse("2026-01-01T00:00:00Z"));
    int spans = 0;
    for (int i = 0; i < 200; i++) {
      SpansRecord next = payload.next();
      records.add(next.value());
      spans += next.spans();
    }
    if (spans != SPANS) {
      throw new IllegalStateException("the sample has %d spans, not %d".formatted(spans, SPANS));
    }
  }

  List<byte[]> records() {
    return records;
  }
}
