package dev.weir.streams.aggregate;

import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  private final AggregateSettings settings;
  private final int partition;
  private final int partitions;
  private final PartitionStore store;
  private final AggregateOutput output;
  private final WindowClock clock;
  private final PeerNames names;
  private final TracesDataReader reader;
  private final ServiceGraph graph;
  private final Map<TenantId, TenantAggregate> tenants = new LinkedHashMap<>();
  private final DeltaBatchWriter[] batches;
  private final RecordVisitor visitor;
  private final CurrentEdges currentEdges = new CurrentEdges();
  private TenantAggregate lastTenant;
  private long window;
  private long announcedOpenFrom;
  private boolean changed;

  /**
   * @param partitions how many partitions the topic of spans has
   * @param store holds what a predecessor left; read now
   * @param output used only within {@link #accept} and {@link #flush}
   * @throws CorruptLayoutException if what it left cannot be read
   */
  public PartitionAggregate(
      AggregateSettings settings,
      int partition,
      int partitions,
      PartitionStore store,
      AggregateOutput output) {
    this.settings = settings;
    this.partition = partition;
    this.partitions = partitions;
    this.store = store;
    this.output = output;
    this.clock = new WindowClock(settings.window().toMillis(), settings.bound().toMillis());
    this.names =
        new PeerNames(
            settings.serviceGraph().peerAttributes(), settings.serviceGraph().edges().dimensions());
    this.reader = new TracesDataReader(names.keys());
    this.graph =
        new ServiceGraph(
            names,
            settings.serviceGraph().edges().dimensions(),
            new SpanFilter(settings.serviceGraph().filter()),
            settings.serviceGraph().halfEdgeWait().toMillis(),
            settings.serviceGraph().maxItems());
    this.batches = new DeltaBatchWriter[settings.shards()];
    Arrays.setAll(batches, shard -> new DeltaBatchWriter());
    this.lastTenant = new TenantAggregate(new byte[0], settings);
    this.visitor = new RecordVisitor(lastTenant);
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
    boolean skipped;
    try {
      skipped = stage(tenant, value);
    } catch (MalformedOtlpException e) {
      discard();
      advance(timestampMillis);
      return Optional.of(String.valueOf(e.getMessage()));
    }
    boolean late = clock.isComplete(clock.windowOf(timestampMillis));
    advance(timestampMillis);
    creditTo(late ? clock.openFrom() : clock.windowOf(timestampMillis));
    visitor.tenant.book(offset, visitor.spans, late, skipped);
    if (skipped) {
      discard();
    } else {
      visitor.tenant.spanMetrics().apply();
      graph.apply(visitor.tenant.edges(), currentEdges, clock.nowMillis());
    }
    return Optional.empty();
  }

  /** A record without spans was read: time has passed. */
  public void advance(long timestampMillis) {
    changed = true;
    clock.advance(timestampMillis);
    graph.expire(clock.nowMillis(), currentEdges);
  }

  private boolean stage(byte[] tenant, byte[] value) throws MalformedOtlpException {
    visitor.begin(tenantOf(tenant, 0, tenant.length));
    graph.tenant(visitor.tenant.tenant());
    boolean skipped = settings.codec() == SpanCodec.PUSH_BYTES && reader.skipsMetrics(value);
    reader.read(settings.codec(), value, visitor);
    return skipped;
  }

  private void discard() {
    visitor.tenant.spanMetrics().discard();
    graph.discard();
  }

  private TenantAggregate tenantOf(byte[] buffer, int offset, int length) {
    byte[] last = lastTenant.tenant();
    if (!Arrays.equals(last, 0, last.length, buffer, offset, offset + length)) {
      TenantId id = new TenantId(Arrays.copyOfRange(buffer, offset, offset + length));
      lastTenant = tenants.computeIfAbsent(id, key -> new TenantAggregate(key.bytes, settings));
    }
    return lastTenant;
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
      if (tenant.isTouched()) {
        tenant
            .spanMetrics()
            .drain(
                (shard, group, labels, offset, length) ->
                    batch(shard).labelSet(window, tenant.tenant(), group, labels, offset, length));
        tenant
            .edges()
            .drain(
                (shard, group, labels, offset, length) ->
                    batch(shard).labelSet(window, tenant.tenant(), group, labels, offset, length));
      }
    }
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
    persist(store);
    closeBooks();
    forgetKeys();
  }

  /** Not after every drain: what is staged refers to keys. */
  private void forgetKeys() {
    for (TenantAggregate tenant : tenants.values()) {
      tenant.spanMetrics().forgetIfLargerThan(KEPT_KEYS_BYTES);
      tenant.edges().forgetIfLargerThan(KEPT_KEYS_BYTES);
    }
  }

  /**
   * Writes to {@code empty} the state that the constructor read, as if this were the first commit
   * ever. Where commits fell shows in the store that was read, in how half edges are cut into
   * batches; it does not show in what this writes, which is a function of the records alone.
   * Nothing may have been accepted.
   */
  public void writeAnew(PartitionStore empty) {
    graph.forgetPersisted();
    persist(empty);
  }

  private void persist(PartitionStore store) {
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
      if (tenant.isBooked()) {
        output.ledger(tenant.takeLedger(partition));
      }
    }
  }

  /** Stages the spans of a record for all processors of its tenant. */
  private final class RecordVisitor implements SpanVisitor {
    private TenantAggregate tenant;
    private int spans;

    RecordVisitor(TenantAggregate tenant) {
      this.tenant = tenant;
    }

    void begin(TenantAggregate of) {
      tenant = of;
      spans = 0;
    }

    @Override
    public void resource(AttributeValues attributes) throws MalformedOtlpException {
      if (settings.spanMetrics().enabled()) {
        tenant.spanMetrics().resource(attributes, names.serviceName(), reader.resource());
      }
      if (settings.serviceGraph().enabled()) {
        graph.resource(attributes, reader.resource());
      }
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      spans++;
      if (settings.spanMetrics().enabled()) {
        tenant.spanMetrics().span(span);
      }
      if (settings.serviceGraph().enabled()) {
        graph.span(span);
      }
    }
  }

  private final class CurrentEdges implements ServiceGraph.EdgesByTenant {
    @Override
    public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
      return tenantOf(buffer, tenantOffset, tenantLength).edges();
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
