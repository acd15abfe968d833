package dev.weir.ingester.telemetry;

import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.tenant.TenantId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ingester's metrics, registered from the start but for those of a tenant or a partition, which
 * begin with it. Thread-safe.
 */
public final class IngesterMetrics {
  private final MeterRegistry registry;
  private final Counter recordsRead;
  private final Counter recordsWithoutTenant;
  private final Counter spansWithoutTrace;
  private final Counter segmentsWritten;
  private final Counter segmentWriteFailures;
  private final Timer segmentWriteDuration;
  private final Counter segmentsDeleted;
  private final Timer traceQueryDuration;

  /** Why a record was not kept. */
  public enum DiscardReason {
    /** It is no valid message of the topic's codec. */
    MALFORMED,
    /** Its key is no tenant id. */
    INVALID_TENANT
  }

  /** What became of a query for a trace. */
  public enum QueryOutcome {
    FOUND,
    NOT_FOUND,
    /** Some records or segments could not be read. */
    PARTIAL,
    REFUSED,
    FAILED
  }

  /** Registers everything with {@code registry}. */
  public IngesterMetrics(MeterRegistry registry) {
    this.registry = registry;
    recordsRead = counter("records.read", "Records read from the topic of spans.");
    recordsWithoutTenant =
        counter(
            "records.without.tenant",
            "Records without a key on a topic of many tenants, kept for 'single-tenant'.");
    spansWithoutTrace =
        counter(
            "spans.without.trace",
            "Spans that no query finds: their trace id is empty or longer than 16 bytes.");
    Arrays.stream(DiscardReason.values()).forEach(this::discarded);
    segmentsWritten = counter("segments.written", "Segments written to the backend.");
    segmentWriteFailures =
        counter(
            "segment.write.failures", "Attempts to write a segment that failed; each is repeated.");
    segmentWriteDuration =
        Timer.builder("weir.ingester.segment.write.duration")
            .description("Time that writing a segment took, failed attempts too.")
            .register(registry);
    segmentsDeleted =
        counter("segments.deleted", "Segments deleted since their retention is over.");
    Arrays.stream(QueryOutcome.values()).forEach(this::queries);
    traceQueryDuration =
        Timer.builder("weir.ingester.trace.query.duration")
            .description("Time that queries for a trace took.")
            .register(registry);
  }

  /** Exports the size of what is not in the backend yet. */
  public void watch(LiveTraces liveTraces) {
    Gauge.builder("weir.ingester.live.traces", liveTraces, LiveTraces::traces)
        .description("Traces that are not in the backend yet; one in two segments counts twice.")
        .register(registry);
    Gauge.builder("weir.ingester.live.bytes", liveTraces, LiveTraces::bytes)
        .description("Heap of spans that are not in the backend yet, about.")
        .baseUnit("bytes")
        .register(registry);
  }

  public void recordRead() {
    recordsRead.increment();
  }

  public void recordWithoutTenant() {
    recordsWithoutTenant.increment();
  }

  public void recordDiscarded(DiscardReason reason) {
    discarded(reason).increment();
  }

  /** Counts what a record brought. */
  public void received(TenantId tenant, int spans, int withoutTrace, int bytes) {
    counter("spans.received", "Spans read and kept.", "tenant", tenant.value()).increment(spans);
    counter("bytes.received", "Bytes of OTLP read and kept.", "tenant", tenant.value())
        .increment(bytes);
    spansWithoutTrace.increment(withoutTrace);
  }

  public void segmentWritten() {
    segmentsWritten.increment();
  }

  public void segmentWriteFailed() {
    segmentWriteFailures.increment();
  }

  public void segmentsDeleted(int count) {
    segmentsDeleted.increment(count);
  }

  /** Times one attempt to write a segment. */
  public Timer segmentWriteDuration() {
    return segmentWriteDuration;
  }

  /** Times one query. */
  public Timer traceQueryDuration() {
    return traceQueryDuration;
  }

  public void traceQuery(QueryOutcome outcome) {
    queries(outcome).increment();
  }

  /** The lag of a partition, as long as this instance reads it. */
  public Lag lag(int partition) {
    return new Lag(partition);
  }

  private Counter discarded(DiscardReason reason) {
    return counter("records.discarded", "Records not kept.", "reason", word(reason));
  }

  private Counter queries(QueryOutcome outcome) {
    return counter("trace.queries", "Queries for a trace by id.", "outcome", word(outcome));
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder("weir.ingester." + name)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** How far a partition's end is ahead of what was read. */
  public final class Lag implements AutoCloseable {
    private final AtomicLong records = new AtomicLong();
    private final Gauge gauge;

    private Lag(int partition) {
      gauge =
          Gauge.builder("weir.ingester.lag", records, AtomicLong::get)
              .description("Records of a partition that were not read yet.")
              .baseUnit("records")
              .tag("partition", Integer.toString(partition))
              .register(registry);
    }

    public void set(long count) {
      records.set(count);
    }

    /** Stops exporting it. */
    @Override
    public void close() {
      registry.remove(gauge);
    }
  }
}
