package dev.weir.streams.aggregate;

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
import dev.weir.streams.servicegraph.CallSides;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.HalfEdgeBundles;
import dev.weir.streams.servicegraph.PartitionGrowth;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraph;
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
  static final long FIRST_WINDOW = 1;

  private static final int KEPT_KEYS_BYTES = 32 * 1024 * 1024;

  private final AggregateSettings settings;
  private final int partition;
  private final PartitionStore store;
  private final AggregateOutput output;
  private final WindowClock clock;
  private final PartitionProgress progress;
  private final PeerNames names;
  private final TracesDataReader reader;
  private final CallSides sides;
  private final ServiceGraph graph;
  private final Tenants tenants;
  private final DeltaBatches batches;
  private final HalfEdgeBundles bundles;
  private final boolean pairsHere;
  private final RecordVisitor visitor;
  private final CurrentEdges currentEdges = new CurrentEdges();
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
    this.sides =
        new CallSides(
            names,
            new SpanFilter(settings.serviceGraph().filter()),
            settings.serviceGraph().pairing().links(),
            settings.serviceGraph().series().weights());
    this.graph = settings.serviceGraph().newGraph();
    int pairings = settings.pairingPartitions();
    this.pairsHere = pairings == 0;
    this.bundles =
        new HalfEdgeBundles(
            settings.serviceGraph(), partition, partitions, pairings, output::halfEdges);
    this.batches =
        new DeltaBatches(settings.shards(), pairings + partition, pairings + partitions, output);
    this.tenants = new Tenants(settings);
    this.visitor = new RecordVisitor(tenants.of(new byte[0], 0, 0));
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
    tellGrowth();
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
      visitor.tenant.hostInfo().apply();
      applySides(visitor.tenant.edges());
    }
    return Optional.empty();
  }

  private void applySides(Edges edges) {
    if (pairsHere) {
      graph.apply(sides, edges, currentEdges, clock.nowMillis());
    } else {
      bundles.add(sides, edges, clock.nowMillis());
    }
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
    tellGrowth();
  }

  private void tellGrowth() {
    batches.sources(settings.pairingPartitions() + progress.partitions());
    bundles.sources(progress.partitions());
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
      if (!wasSettled) {
        bundles.send(clock.nowMillis(), true); // those before have had no time until now
      }
    }
  }

  private boolean stage(byte[] tenant, byte[] value) throws MalformedOtlpException {
    visitor.begin(tenants.of(tenant, 0, tenant.length));
    sides.tenant(visitor.tenant.tenant());
    boolean skipped = settings.codec() == SpanCodec.PUSH_BYTES && reader.skipsMetrics(value);
    reader.read(settings.codec(), value, visitor);
    return skipped;
  }

  private void discard() {
    visitor.tenant.spanMetrics().discard();
    visitor.tenant.hostInfo().discard();
    sides.discard();
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
    batches.drain(tenants, window, progress.announcedOpenFrom());
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
    batches.send(openFrom, announce);
    bundles.send(clock.nowMillis(), announce);
    progress.announced(openFrom);
    persist(store);
    closeBooks();
    forgetKeys();
  }

  /** Not after every drain: what is staged refers to keys. */
  private void forgetKeys() {
    tenants.all().forEach(tenant -> tenant.forgetIfLargerThan(KEPT_KEYS_BYTES));
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
    store.put(PROGRESS, progress.write());
  }

  private static byte[] halfEdgesKey(long number) {
    return new ByteWriter(9).u8(HALF_EDGES).fixed64(number).toByteArray();
  }

  private void closeBooks() {
    for (TenantAggregate tenant : tenants.all()) {
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
        sides.resource(attributes, reader.resource());
      }
      if (settings.hostInfo().enabled()) {
        tenant.hostInfo().resource(reader.resource());
      }
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      spans++;
      if (settings.spanMetrics().enabled()) {
        tenant.spanMetrics().span(span);
      }
      if (settings.serviceGraph().enabled()) {
        sides.span(span);
      }
    }
  }

  private final class CurrentEdges implements ServiceGraph.EdgesByTenant {
    @Override
    public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
      return tenants.of(buffer, tenantOffset, tenantLength).edges();
    }

    @Override
    public void creditTo(long instantMillis) {
      PartitionAggregate.this.creditTo(Math.max(firstWindow, clock.windowOf(instantMillis)));
    }
  }
}
