package dev.weir.ingester.trace;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the trace ids in a {@code TracesData} by walking its wire format down to the fields of its
 * spans; what is inside attributes, events and links is not looked at. Reused from record to
 * record, by one thread.
 */
public final class TraceScanner {
  private final WireReader reader = new WireReader();
  private Set<TraceId> ids = new LinkedHashSet<>();
  private @Nullable TraceId latest;
  private int spans;
  private int spansWithoutTrace;

  /**
   * Walks {@code traces} to its end.
   *
   * @throws MalformedOtlpException if it is no valid message
   */
  public ScannedTraces scan(byte[] traces) throws MalformedOtlpException {
    ids = new LinkedHashSet<>();
    latest = null;
    spans = 0;
    spansWithoutTrace = 0;
    reader.reset(traces, 0, traces.length);
    each(
        OtlpFields.FIRST, () -> each(OtlpFields.SECOND, () -> each(OtlpFields.SECOND, this::span)));
    return new ScannedTraces(traces, ids, spans, spansWithoutTrace);
  }

  private void each(int wanted, Step step) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == wanted) {
        int outer = reader.enter();
        step.take();
        reader.leave(outer);
      } else {
        OtlpFields.skip(reader, tag);
      }
    }
  }

  private void span() throws MalformedOtlpException {
    int offset = 0;
    int length = 0;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == OtlpFields.FIRST) {
        length = reader.readLength();
        offset = reader.position();
        reader.skipBytes(length);
      } else {
        OtlpFields.skip(reader, tag);
      }
    }
    count(offset, length);
  }

  private void count(int offset, int length) {
    spans++;
    if (latest != null && latest.matches(reader.buffer(), offset, length)) {
      return; // spans of one trace mostly stand together
    }
    Optional<TraceId> id = TraceId.ofBytes(reader.buffer(), offset, length);
    if (id.isPresent()) {
      latest = id.get();
      ids.add(latest);
    } else {
      spansWithoutTrace++;
    }
  }

  @FunctionalInterface
  private interface Step {
    void take() throws MalformedOtlpException;
  }
}
