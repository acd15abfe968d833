package dev.weir.streams.aggregate;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.aggregate.WindowClock.Verdict;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.GraphNodes;
import dev.weir.streams.servicegraph.HalfEdgeBundles;
import dev.weir.streams.servicegraph.PartitionGrowth;
import dev.weir.streams.servicegraph.ServiceGraph;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

  /** Window 0 is what state takes for none; no clock that means well is there. */
  static final long FIRST_WINDOW = 1;

  /** After how long without anything a tenant is forgotten, which nobody notices. */
  static final long KEPT_TENANT_MILLIS = 15 * 60_000;

  private final AggregateSettings settings;
  private final int partition;
  private final PartitionStore store;
  private final AggregateOutput output;
  private final WindowClock clock;
  private final PartitionProgress progress;
  private final ServiceGraph graph;
  private final Tenants tenants;
  private final DeltaBatches batches;
  private final HalfEdgeBundles bundles;
  private final boolean pairsHere;
  private final RecordVisitor visitor = new RecordVisitor();
  private final CurrentEdges currentEdges = new CurrentEdges();
  private long window;

  /** Where half edges expire at the earliest that came before the partition had a time. */
  private long firstWindow;

  private boolean changed;

  /**
   * @param tenantSettings what is in force for tenants
   * @param partitions how many partitions the topic of spans had at the start; a mark may say more
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
    this.partition = partition;
    this.store = store;
    this.output = output;
    this.clock = new WindowClock(settings.window().toMillis(), settings.time());
    this.progress = new PartitionProgress(clock, Math.max(partitions, partition + 1));
    GraphNodes nodes = new GraphNodes();
    this.graph = settings.serviceGraph().newGraph(nodes);
    int pairings = settings.pairingPartitions();
    this.pairsHere = pairings == 0;
    this.bundles =
        new HalfEdgeBundles(
            settings.serviceGraph(), partition, partitions, pairings, nodes, output::halfEdges);
    this.batches =
        new DeltaBatches(settings.shards(), pairings + partition, pairings + partitions, output);
    this.tenants = new Tenants(settings, tenantSettings, nodes);
    restore();
  }

  private void restore() {
    ServiceGraph.Restorer restorer = new ServiceGraph.Restorer(graph);
    store.forEach(
        (key, value) -> {
          ByteReader state = new ByteReader();
          if (key[0] == HalfEdgeBatches.FIRST_BYTE) {
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
    Verdict verdict = advance(timestampMillis);
    if (tenant.length == 0) {
      return Optional.of("the tenant, which is the record's key, is empty");
    }
    long credited = creditedWindow(verdict, timestampMillis);
    TenantAggregate of = tenants.of(tenant, 0, tenant.length, credited);
    TenantProcessors processors = of.at(credited);
    creditTo(credited); // before the record is staged, which looks at what the tables have
    boolean skipped;
    try {
      skipped = stage(processors, value);
    } catch (MalformedOtlpException e) {
      processors.discard();
      return Optional.of(String.valueOf(e.getMessage()));
    }
    of.book(processors, partition, offset, value.length, visitor.spans, verdict, skipped);
    if (skipped) {
      processors.discard();
    } else {
      processors.spanMetrics().apply();
      processors.hostInfo().apply();
      applySides(processors);
    }
    return Optional.empty();
  }

  private long creditedWindow(Verdict verdict, long timestampMillis) {
    return switch (verdict) {
      case ON_TIME -> Math.max(FIRST_WINDOW, clock.windowOf(timestampMillis));
      case LATE -> clock.openFrom();
      case AHEAD ->
          Math.max(FIRST_WINDOW, Math.max(clock.openFrom(), clock.windowOf(clock.nowMillis())));
    };
  }

  private void applySides(TenantProcessors processors) {
    if (pairsHere) {
      graph.apply(processors.sides(), processors.edges(), currentEdges, clock.nowMillis());
    } else {
      bundles.add(processors.sides(), processors.edges(), clock.sourceMillis());
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
        bundles.send(clock.sourceMillis(), true); // those before have had no time until now
      }
    }
  }

  private boolean stage(TenantProcessors processors, byte[] value) throws MalformedOtlpException {
    visitor.begin(processors);
    boolean skipped =
        settings.codec() == SpanCodec.PUSH_BYTES && processors.reader().skipsMetrics(value);
    processors.reader().read(settings.codec(), value, visitor);
    return skipped;
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

  /**
   * Up to when windows of this partition would be given up, if that were the time of the clock.
   *
   * @return Unix milliseconds, the beginning of a window; empty if there is nothing to give up
   */
  public OptionalLong wouldGiveUpTo(long wallMillis) {
    return settings.maxHoldBack().stream()
        .mapToLong(holdBack -> clock.windowOf(wallMillis - holdBack.toMillis()))
        .filter(window -> window > clock.openFrom())
        .map(window -> window * settings.window().toMillis())
        .findFirst();
  }

  /**
   * Nothing that is read from here on counts before that time, so that windows before it can be
   * closed. What would have counted there is late.
   */
  public void giveUpTo(long millis) {
    changed = true;
    boolean hadTime = clock.sourceMillis() > 0;
    clock.giveUpTo(clock.windowOf(millis));
    if (!hadTime) {
      bundles.send(clock.sourceMillis(), true); // those before have had no time until now
    }
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
    bundles.send(clock.sourceMillis(), announce);
    progress.announced(openFrom);
    persist(store);
    closeBooks();
    tenants.tellLabels(output);
    // not after every drain: what is staged refers to keys
    tenants.forget(clock.windowOf(clock.nowMillis() - KEPT_TENANT_MILLIS), clock.nowMillis());
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
    graph.persist(new HalfEdgeBatches(store), clock.nowMillis());
    store.put(PROGRESS, progress.write());
  }

  private void closeBooks() {
    for (TenantAggregate tenant : tenants.all()) {
      tenant.takeLedger(partition).forEach(output::ledger);
    }
  }

  /** Stages the spans of a record for all processors of its tenant. */
  private static final class RecordVisitor implements SpanVisitor {
    private @Nullable TenantProcessors processors;
    private boolean spanMetrics;
    private boolean serviceGraph;
    private boolean hostInfo;
    private int spans;

    void begin(TenantProcessors of) {
      processors = of;
      spanMetrics = of.settings().spanMetrics().enabled();
      serviceGraph = of.settings().serviceGraph().enabled();
      hostInfo = of.settings().hostInfo().enabled();
      spans = 0;
    }

    @Override
    public void resource(ResourceView resource) throws MalformedOtlpException {
      TenantProcessors of = Objects.requireNonNull(processors);
      if (spanMetrics) {
        of.spanMetrics().resource(resource);
      }
      if (serviceGraph) {
        of.sides().resource(resource);
      }
      if (hostInfo) {
        of.hostInfo().resource(resource);
      }
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      TenantProcessors of = Objects.requireNonNull(processors);
      spans++;
      if (spanMetrics) {
        of.spanMetrics().span(span);
      }
      if (serviceGraph) {
        of.sides().span(span);
      }
    }
  }

  private final class CurrentEdges implements ServiceGraph.EdgesByTenant {
    @Override
    public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
      return tenants.of(buffer, tenantOffset, tenantLength, window).at(window).edges();
    }

    @Override
    public void creditTo(long instantMillis) {
      long first = Math.max(firstWindow, clock.givenUpTo());
      PartitionAggregate.this.creditTo(Math.max(first, clock.windowOf(instantMillis)));
    }
  }
}
