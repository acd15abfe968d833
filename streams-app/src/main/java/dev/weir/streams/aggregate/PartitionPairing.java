package dev.weir.streams.aggregate;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.GraphNodes;
import dev.weir.streams.servicegraph.RepartitionedGraph;
import dev.weir.streams.servicegraph.ServiceGraph;

/**
 * Pairs the half edges of the traces that hash to one partition, if the topic of spans is not
 * routed by trace. Between two commits what was counted is on the heap only; {@link #flush} hands
 * it over. What it sends is a function of the records of all source partitions, whatever the order
 * in which their half edges arrive. An edge is counted with the settings of its tenant that are in
 * force in the window that it is credited to. Not thread-safe.
 *
 * <p>State: key 0 holds version, the window up to which completeness was announced, and the
 * progress of {@link RepartitionedGraph}; keys 1 + number (8 bytes) hold the batches of {@link
 * ServiceGraph}; keys 2 + source (4 bytes) + number (8 bytes) hold bundles that were not paired to
 * their end. Other keys are not its own.
 */
public final class PartitionPairing {
  private static final int VERSION = 1;
  private static final byte[] PROGRESS = {0};
  private static final byte BUNDLES = 2;

  private final int partition;
  private final long windowMillis;
  private final PartitionStore store;
  private final AggregateOutput output;
  private final RepartitionedGraph graph;
  private final Tenants tenants;
  private final DeltaBatches batches;
  private final CurrentEdges currentEdges = new CurrentEdges();
  private long window;
  private long announcedOpenFrom;
  private boolean changed;

  /**
   * @param tenantSettings what is in force for tenants
   * @param partitions how many partitions the topic of spans had at the start; it is for these to
   *     tell the shards if there are more
   * @param store holds what a predecessor left; read now
   * @param output used only within {@link #accept} and {@link #flush}
   * @throws CorruptLayoutException if what it left cannot be read
   */
  public PartitionPairing(
      AggregateSettings settings,
      SettingsByWindow tenantSettings,
      int partition,
      int partitions,
      PartitionStore store,
      AggregateOutput output) {
    this.partition = partition;
    this.windowMillis = settings.window().toMillis();
    this.store = store;
    this.output = output;
    GraphNodes nodes = new GraphNodes();
    this.graph = new RepartitionedGraph(settings.serviceGraph(), nodes);
    this.tenants = new Tenants(settings, tenantSettings, nodes);
    this.batches =
        new DeltaBatches(
            settings.shards(), partition, settings.pairingPartitions() + partitions, output);
    restore();
  }

  private void restore() {
    ServiceGraph.Restorer halves = graph.restorer();
    store.forEach(
        (key, value) -> {
          ByteReader reader = new ByteReader().reset(key, 1, key.length - 1);
          switch (key[0]) {
            case HalfEdgeBatches.FIRST_BYTE ->
                halves.batch(reader.fixed64(), value, graph.pairedToMillis());
            case BUNDLES -> graph.restore(sourceOf(reader), reader.fixed64(), value);
            default -> {
              if (key.length == PROGRESS.length) {
                restoreProgress(new ByteReader().reset(value));
              }
            }
          }
        });
  }

  private static int sourceOf(ByteReader key) {
    return key.u8() << 24 | key.u8() << 16 | key.u8() << 8 | key.u8();
  }

  private void restoreProgress(ByteReader state) {
    int version = state.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "state of pairing of version %d; this program reads version %d"
              .formatted(version, VERSION));
    }
    announcedOpenFrom = state.uvarint();
    graph.restore(state.prefixed());
  }

  /**
   * Takes a bundle of half edges.
   *
   * @throws CorruptLayoutException if this program cannot read it
   */
  public void accept(byte[] bundle) {
    changed = true;
    graph.accept(bundle);
    graph.advance(currentEdges);
  }

  /** The first window to which half edges can still be added. */
  private long openFrom() {
    return windowOf(graph.pairedToMillis());
  }

  private long windowOf(long millis) {
    return Math.floorDiv(millis, windowMillis);
  }

  /** Whether a window was completed that the shards do not know of yet. */
  public boolean hasNewlyCompleteWindow() {
    return openFrom() > announcedOpenFrom;
  }

  /** The time before which everything was paired, Unix milliseconds. */
  public long pairedToMillis() {
    return graph.pairedToMillis();
  }

  /** Half edges that wait. */
  public int waitingHalfEdges() {
    return graph.waiting();
  }

  /** Hands over everything; belongs to the transaction that commits the accepted bundles. */
  public void flush() {
    if (!changed) {
      return;
    }
    changed = false;
    drain();
    boolean announce = hasNewlyCompleteWindow();
    announcedOpenFrom = openFrom();
    batches.send(announcedOpenFrom, announce);
    persist();
    for (TenantAggregate tenant : tenants.all()) {
      tenant.takeLedger(-1 - partition).forEach(output::ledger);
    }
    tenants.tellLabels(output);
    tenants.forget(
        windowOf(pairedToMillis() - PartitionAggregate.KEPT_TENANT_MILLIS), pairedToMillis());
  }

  private void drain() {
    batches.drain(tenants, window, announcedOpenFrom);
  }

  private void persist() {
    byte[] progress = graph.persist(new HalfEdgeBatches(store), new Bundles());
    store.put(
        PROGRESS,
        new ByteWriter(progress.length + 16)
            .u8(VERSION)
            .uvarint(announcedOpenFrom)
            .prefixed(progress)
            .toByteArray());
  }

  private final class Bundles implements RepartitionedGraph.BundleStore {
    @Override
    public void put(int source, long number, byte[] bundle) {
      store.put(key(source, number), bundle);
    }

    @Override
    public void delete(int source, long number) {
      store.delete(key(source, number));
    }

    private static byte[] key(int source, long number) {
      ByteWriter key = new ByteWriter(13).u8(BUNDLES);
      key.u8(source >>> 24).u8(source >>> 16).u8(source >>> 8).u8(source);
      return key.fixed64(number).toByteArray();
    }
  }

  private final class CurrentEdges implements ServiceGraph.EdgesByTenant {
    @Override
    public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
      return tenants.of(buffer, tenantOffset, tenantLength, window).at(window).edges();
    }

    @Override
    public void creditTo(long instantMillis) {
      long next = Math.max(PartitionAggregate.FIRST_WINDOW, windowOf(instantMillis));
      if (next != window) {
        drain();
        window = next;
      }
    }
  }
}
