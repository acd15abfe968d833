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
import dev.weir.streams.aggregate.WindowClock.Verdict;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.PartitionGrowth;
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
 * <p>State: key 0 holds the {@link PartitionProgress}; keys 1 + number (8 bytes) hold the batches
 * of {@link ServiceGraph}.
 */
public final class PartitionAggregate {
  private static final byte[] PROGRESS = {0};
  private static final byte HALF_EDGES = 1;

  /** Window 0 is what state takes for none; no clock that means well is there. */
  private static final long FIRST_WINDOW = 1;

  /**
   * A batch is sent on before the commit when it gets this large, well below what a broker accepts
   * as a record.
   */
  private static final int LARGE_BATCH_BYTES = 256 * 1024;

  private static final int KEPT_KEYS_BYTES = 32 * 1024 * 1024;

  private final AggregateSettings settings;
  private final int partition;
  private final PartitionStore store;
  private final AggregateOutput output;
  private final WindowClock clock;
  private final PartitionProgress progress;
  private final PeerNames names;
  private final TracesDataReader reader;
  private final ServiceGraph graph;
  private final Map<TenantId, TenantAggregate> tenants = new LinkedHashMap<>();
  private final DeltaBatchWriter[] batches;
  private final RecordVisitor visitor;
  private final CurrentEdges currentEdges = new CurrentEdges();
  private TenantAggregate lastTenant;
  private long window;

  /** Where half edges expire at the earliest that came before the partition had a time. */
  private long firstWindow;

  private boolean changed;

  /**
   * @param partitions how many partitions the topic of spans had at the start; a mark may say more
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
    this.store = store;
    this.output = output;
    this.clock = new WindowClock(settings.window().toMillis(), settings.time());
    this.progress = new PartitionProgress(clock, Math.max(partitions, partition + 1));
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
            progress.read(state.reset(value));
          }
        });
    window = clock.windowOf(clock.nowMillis());
    graph.grown(progress.growth());
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
    Verdict verdict = advance(timestampMillis);
    creditTo(
        switch (verdict) {
          case ON_TIME -> Math.max(FIRST_WINDOW, clock.windowOf(timestampMillis));
          case LATE -> clock.openFrom();
          case AHEAD -> Math.max(FIRST_WINDOW, clock.windowOf(clock.nowMillis()));
        });
    visitor.tenant.book(offset, visitor.spans, verdict, skipped);
    if (skipped) {
      discard();
    } else {
      visitor.tenant.spanMetrics().apply();
      graph.apply(visitor.tenant.edges(), currentEdges, clock.nowMillis());
    }
    return Optional.empty();
  }

  /** A record without spans was read: time has passed, if its time is believed. */
  public void readEmpty(long timestampMillis) {
    advance(timestampMillis);
  }

  /** A mark was read: time has passed. */
  public void mark(long timestampMillis) {
    boolean settled = clock.isSettled();
    clock.mark(timestampMillis);
    passed(settled);
  }

  /**
   * A mark was read that says that from here on the topic has more partitions. From here on, too,
   * what this partition says of its completeness says how many others there are; so whoever hears
   * that it is complete past this moment waits for the new ones.
   *
   * @param before how many there were
   * @param after how many there are; less than what is known is not believed
   */
  public void grown(long timestampMillis, int before, int after) {
    mark(timestampMillis);
    progress.grown(new PartitionGrowth(timestampMillis, before, after));
    graph.grown(progress.growth());
  }

  /** The record before that offset was dealt with. */
  public void goesOnAt(long offset) {
    changed = true;
    progress.goesOnAt(offset);
  }

  /**
   * Whether a record was dealt with before. The group's offsets and this state are committed
   * together, so that happens only if the broker has forgotten the former. A lower offset with a
   * later time is another topic of the same name, which is read from its beginning; where the times
   * are the producers' they cannot tell, and nothing counts as repeated.
   */
  public boolean isRepeated(long offset, long timestampMillis) {
    return offset >= 0
        && offset < progress.goesOnAt()
        && timestampMillis <= clock.nowMillis()
        && !settings.time().isProducers();
  }

  /** The offset behind the last record that was dealt with; 0 if none was. */
  public long goesOnAt() {
    return progress.goesOnAt();
  }

  private Verdict advance(long timestampMillis) {
    boolean settled = clock.isSettled();
    Verdict verdict = clock.read(timestampMillis);
    passed(settled);
    return verdict;
  }

  private void passed(boolean wasSettled) {
    changed = true;
    if (clock.isSettled()) {
      firstWindow = wasSettled ? 0 : clock.openFrom();
      graph.expire(clock.nowMillis(), currentEdges);
    }
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
      output.deltas(
          shard,
          batches[shard].finish(partition, progress.partitions(), progress.announcedOpenFrom()));
    }
    return batches[shard];
  }

  /**
   * Whether a window was completed that the shards do not know of yet, so that a commit is worth
   * its while.
   */
  public boolean hasNewlyCompleteWindow() {
    return clock.openFrom() > progress.announcedOpenFrom();
  }

  /** Whether a record of that time would complete a window that is not complete yet. */
  public boolean wouldCompleteWindow(long timestampMillis) {
    return clock.openFromAt(timestampMillis) > clock.openFrom();
  }

  /** The latest time of a record that was believed so far, Unix milliseconds; 0 if none was. */
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
    boolean announce = openFrom > progress.announcedOpenFrom();
    for (int shard = 0; shard < batches.length; shard++) {
      if (announce || !batches[shard].isEmpty()) {
        output.deltas(shard, batches[shard].finish(partition, progress.partitions(), openFrom));
      }
    }
    progress.announced(openFrom);
    persist();
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
    store.put(PROGRESS, progress.write());
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
      PartitionAggregate.this.creditTo(Math.max(firstWindow, clock.windowOf(instantMillis)));
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
