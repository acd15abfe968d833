package dev.weir.benchmarks.payload;

/** An endless sequence of records of spans. */
public interface Payload {

  /** The next record. */
  SpansRecord next();

  /** One record. */
  final class SpansRecord {
    private final byte[] value;
    private final int spans;
    private final long traces;

    SpansRecord(byte[] value, int spans, long traces) {
      this.value = value;
      this.spans = spans;
      this.traces = traces;
    }

    /** An OTLP {@code TracesData}; the array is the caller's. */
    public byte[] value() {
      return value;
    }

    /** How many spans are in it. */
    public int spans() {
      return spans;
    }

    /**
     * Number of the group of traces that its spans belong to; records with the same number share
     * traces, so they belong in one partition.
     */
    public long traces() {
      return traces;
    }
  }
}
