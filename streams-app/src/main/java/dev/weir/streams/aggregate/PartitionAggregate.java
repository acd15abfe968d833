package dev.weir.streams.aggregate;

import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.series.DeltaSink;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.ServiceGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first stage for one partition of spans. Between two commits what was counted is on the heap
 * only; {@link #flush} hands it over and leaves nothing behind, and must belong to the same
 * transaction as the offsets of the records that were accepted before it. Everything that it sends
 * is a function of the partition's records and of nothing else: not of the clock, nor of when
 * commits happened, but for how the deltas are cut into batches, which adding them up undoes. Not
 * thread-safe.
 *
 * <p>State: key 0 holds version, time of the partition, and the window up to which completeness was
 * announced; keys 1 + number (8 bytes) hold the batches of {@link ServiceGraph}.
 */
public final class PartitionAggregate {
  private static final int VERSION = 1;
  private static final byte[] PROGRESS = {0};
  private static final byte HALF_EDGES = 1;

  /**
   * A batch is sent on before the commit when it gets this large, well below what a broker accepts
   * as a record.
   */
  private static final int LARGE_BATCH_BYTES = 256 * 1024;

  private static final int KEPT_KEYS_BYTES = 32 * 1024 * 1024;

  /** After how long without anything a tenant is forgotten, which nobody notices. */
  private static final long KEPT_TENANT_MILLIS = 15 * 60_000;

  private final AggregateSettings settings;
  private final SettingsByWindow tenantSettings;
  private final int partition;
  private final int partitions;
  private final PartitionStore store;
  private final AggregateOutput output;
  private final WindowClock clock;
  private final ServiceGraph graph;
  private final Map<TenantId, TenantAggregate> tenants = new LinkedHashMap<>();
  private final DeltaBatchWriter[] batches;
  private final RecordVisitor visitor = new RecordVisitor();
  private final CurrentEdges currentEdges = new CurrentEdges();
  private @Nullable TenantAggregate lastTenant;
  private long window;
  private long announcedOpenFrom;
  private boolean changed;

  /**
   * @param tenantSettings what is in force for tenants
   * @param partitions how many partitions the topic of spans has
   * @param store holds what a predecessor left; read now
   * @param output used only within {@link #accept} and {@link #flush}
   * @throws CorruptLayoutException if what it left cannot be read
   */
  public PartitionAggregate(
      AggregateSettings settings,
      SettingsByWindow tenantSettings,
      int partition,
      int partitions,
      PartitionStore store,
      AggregateOutput output) {
    this.settings = settings;
    this.tenantSettings = tenantSettings;
    this.partition = partition;
    this.partitions = partitions;
    this.store = store;
    this.output = output;
    this.clock = new WindowClock(settings.window().toMillis(), settings.bound().toMillis());
    this.graph =
        new ServiceGraph(
            settings.serviceGraph().halfEdgeWait().toMillis(), settings.serviceGraph().maxItems());
    this.batches = new DeltaBatchWriter[settings.shards()];
    Arrays.setAll(batches, shard -> new DeltaBatchWriter());
    restore();
  }

  private void restore() {
    ServiceGraph.Restorer restorer = new ServiceGraph.Restorer(graph);
    store.forEach(
        (key, value) -> {
          ByteReader state = new ByteReader();
          if (key[0] == HALF_EDGES) {
            restorer.batch(state.reset(key, 1, 8).fixed64(), value, clock.nowMillis());
          } else {
            restoreProgress(state.reset(value));
          }
        });
    window = clock.windowOf(clock.nowMillis());
  }

  private void restoreProgress(ByteReader state) {
    int version = state.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "partition state of version %d; this program reads version %d"
              .formatted(version, VERSION));
    }
    clock.advance(state.fixed64());
    announcedOpenFrom = state.fixed64();
  }

  /**
   * Counts the spans of one record.
   *
   * @param tenant tenant id, UTF-8; kept if it is new
   * @param timestampMillis the record's time, not negative
   * @return what is wrong with the record, which then has counted nothing; empty if all is well
   */
  public Optional<String> accept(byte[] tenant, byte[] value, long timestampMillis, long offset) {
    if (tenant.length == 0) {
      advance(timestampMillis);
      return Optional.of("the tenant, which is the record's key, is empty");
    }
    boolean late = clock.isComplete(clock.windowOf(timestampMillis));
    long credited = late ? clock.openFrom() : clock.windowOf(timestampMillis);
    TenantAggregate of = tenantOf(tenant, 0, tenant.length, credited);
    TenantProcessors processors = of.at(credited);
    boolean skipped;
    try {
      skipped = stage(of, processors, value);
    } catch (MalformedOtlpException e) {
      discard(processors);
      advance(timestampMillis);
      return Optional.of(String.valueOf(e.getMessage()));
    }
    advance(timestampMillis);
    creditTo(credited);
    of.book(processors, partition, offset, visitor.spans, late, skipped);
    if (skipped) {
      discard(processors);
    } else {
      processors.spanMetrics().apply();
      graph.apply(processors.edges(), currentEdges, clock.nowMillis());
    }
    return Optional.empty();
  }

  /** A record without spans was read: time has passed. */
  public void advance(long timestampMillis) {
    changed = true;
    clock.advance(timestampMillis);
    graph.expire(clock.nowMillis(), currentEdges);
  }

  private boolean stage(TenantAggregate of, TenantProcessors processors, byte[] value)
      throws MalformedOtlpException {
    visitor.begin(processors);
    graph.tenant(of.tenant(), processors.names(), processors.graphFilter());
    boolean skipped =
        settings.codec() == SpanCodec.PUSH_BYTES && processors.reader().skipsMetrics(value);
    processors.reader().read(settings.codec(), value, visitor);
    return skipped;
  }

  private void discard(TenantProcessors processors) {
    processors.spanMetrics().discard();
    graph.discard();
  }

  private TenantAggregate tenantOf(byte[] buffer, int offset, int length, long inWindow) {
    TenantAggregate last = lastTenant;
    if (last == null
        || !Arrays.equals(
            last.tenant(), 0, last.tenant().length, buffer, offset, offset + length)) {
      TenantId id = new TenantId(Arrays.copyOfRange(buffer, offset, offset + length));
      last =
          tenants.computeIfAbsent(
              id, key -> new TenantAggregate(key.bytes, settings, tenantSettings, inWindow));
      lastTenant = last;
    }
    return last;
  }

  /**
   * What is counted from now on belongs to this window; what was counted before is drained, which
   * does no harm but costs.
   */
  private void creditTo(long nextWindow) {
    if (nextWindow != window) {
      drain();
      window = nextWindow;
    }
  }

  private void drain() {
    for (TenantAggregate tenant : tenants.values()) {
      for (TenantProcessors processors : tenant.all()) {
        if (processors.isTouched()) {
          drain(tenant.tenant(), processors);
        }
      }
    }
  }

  private void drain(byte[] tenant, TenantProcessors processors) {
    DeltaSink sink =
        (shard, group, labels, offset, length) ->
            batch(shard).labelSet(window, tenant, group, labels, offset, length);
    processors.spanMetrics().drain(sink);
    processors.edges().drain(sink);
  }

  private DeltaBatchWriter batch(int shard) {
    if (batches[shard].size() > LARGE_BATCH_BYTES) {
      output.deltas(shard, batches[shard].finish(partition, partitions, announcedOpenFrom));
    }
    return batches[shard];
  }

  /**
   * Whether a window was completed that the shards do not know of yet, so that a commit is worth
   * its while.
   */
  public boolean hasNewlyCompleteWindow() {
    return clock.openFrom() > announcedOpenFrom;
  }

  /** Whether a record of that time would complete a window that is not complete yet. */
  public boolean wouldCompleteWindow(long timestampMillis) {
    return clock.openFromAt(timestampMillis) > clock.openFrom();
  }

  /** The latest time of a record so far, Unix milliseconds. */
  public long nowMillis() {
    return clock.nowMillis();
  }

  /** Half edges that wait. */
  public int waitingHalfEdges() {
    return graph.waiting();
  }

  /**
   * Hands over everything; belongs to the transaction that commits the offsets of all accepted
   * records.
   */
  public void flush() {
    if (!changed) {
      return;
    }
    changed = false;
    drain();
    long openFrom = clock.openFrom();
    boolean announce = openFrom > announcedOpenFrom;
    for (int shard = 0; shard < batches.length; shard++) {
      if (announce || !batches[shard].isEmpty()) {
        output.deltas(shard, batches[shard].finish(partition, partitions, openFrom));
      }
    }
    announcedOpenFrom = openFrom;
    persist();
    closeBooks();
    forgetKeys();
    forgetTenants();
  }

  /** Not after every drain: what is staged refers to keys. */
  private void forgetKeys() {
    for (TenantAggregate tenant : tenants.values()) {
      tenant.forgetOtherVersions();
      for (TenantProcessors processors : tenant.all()) {
        processors.spanMetrics().forgetIfLargerThan(KEPT_KEYS_BYTES);
        processors.edges().forgetIfLargerThan(KEPT_KEYS_BYTES);
      }
    }
  }

  private void forgetTenants() {
    long since = clock.windowOf(clock.nowMillis() - KEPT_TENANT_MILLIS);
    if (tenants.values().removeIf(tenant -> tenant.currentWindow() < since)) {
      lastTenant = null;
    }
  }

  private void persist() {
    graph.persist(
        new ServiceGraph.BatchStore() {
          @Override
          public void put(long number, byte[] batch) {
            store.put(halfEdgesKey(number), batch);
          }

          @Override
          public void delete(long number) {
            store.delete(halfEdgesKey(number));
          }
        },
        clock.nowMillis());
    store.put(
        PROGRESS,
        new ByteWriter(17)
            .u8(VERSION)
            .fixed64(clock.nowMillis())
            .fixed64(announcedOpenFrom)
            .toByteArray());
  }

  private static byte[] halfEdgesKey(long number) {
    return new ByteWriter(9).u8(HALF_EDGES).fixed64(number).toByteArray();
  }

  private void closeBooks() {
    for (TenantAggregate tenant : tenants.values()) {
      tenant.takeLedger(partition).forEach(output::ledger);
    }
  }

  /** Stages the spans of a record for all processors of its tenant. */
  private final class RecordVisitor implements SpanVisitor {
    private @Nullable TenantProcessors processors;
    private boolean spanMetrics;
    private boolean serviceGraph;
    private int spans;

    void begin(TenantProcessors of) {
      processors = of;
      spanMetrics = of.settings().spanMetrics().enabled();
      serviceGraph = of.settings().serviceGraph().enabled();
      spans = 0;
    }

    @Override
    public void resource(AttributeValues attributes) throws MalformedOtlpException {
      TenantProcessors of = Objects.requireNonNull(processors);
      if (spanMetrics) {
        of.spanMetrics().resource(attributes, of.names().serviceName(), of.reader().resource());
      }
      if (serviceGraph) {
        graph.resource(attributes, of.reader().resource());
      }
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      spans++;
      if (spanMetrics) {
        Objects.requireNonNull(processors).spanMetrics().span(span);
      }
      if (serviceGraph) {
        graph.span(span);
      }
    }
  }

  private final class CurrentEdges implements ServiceGraph.EdgesByTenant {
    @Override
    public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
      return tenantOf(buffer, tenantOffset, tenantLength, window).at(window).edges();
    }

    @Override
    public void creditTo(long instantMillis) {
      PartitionAggregate.this.creditTo(clock.windowOf(instantMillis));
    }
  }

  /** A tenant's bytes as a key of a map. */
  private static final class TenantId {
    private final byte[] bytes;

    TenantId(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof TenantId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
