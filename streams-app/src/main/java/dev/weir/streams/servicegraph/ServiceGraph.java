package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Pairs the client and server sides of calls into edges, as Tempo's service-graphs processor does,
 * but by the time of records instead of the reader's clock. Not thread-safe.
 *
 * <p>Two halves with the same key pair if they come less than the wait apart, whichever comes
 * first. What stays may have nothing more to wait for and only answer for others: a client that was
 * paired and may meet further servers, or the marker of a side that the filter rejected.
 *
 * <p>What stays outlives a commit in <em>batches</em>: at each commit, with the half edges that
 * came since the one before and are still here, and the places of persisted ones that have gone
 * since or got flags. A batch is dropped when all its half edges have expired. So a pair that is
 * completed within a commit, and not kept, costs no write, and any other costs its bytes once.
 * Layout of a batch (version 5): version; the {@link NodeList} that half edges refer to; number of
 * half edges; for each its expiry (8 bytes) and its bytes behind their length; number of places
 * that have gone; for each how many batches ago, and the place; number of places that got flags;
 * for each the same and the flags. Up to version 4 the list and half edges were of another {@link
 * HalfEdgeReader.Form}; versions 1 and 2 were without flags and without half edges that have
 * weights.
 */
public final class ServiceGraph {
  /** Another batch is begun at this size, well below what a broker accepts as a record. */
  private static final int LARGE_BATCH_BYTES = 256 * 1024;

  private static final byte[] USER = "user".getBytes(StandardCharsets.US_ASCII);

  private final long waitMillis;
  private final Room room;
  private final Pairing pairing;
  private final GraphNodes nodes;
  private final HalfEdges halves;
  private final HalfEdge half;
  private final HalfEdge other;
  private final HalfEdgeBatch batch;
  private PartitionGrowth growth = PartitionGrowth.NONE;

  private final ByteWriter closed = new ByteWriter(256);
  private final ByteWriter marked = new ByteWriter(256);
  private final ByteReader changes = new ByteReader();
  private long lastExpiry;
  private long nextBatch = 1;
  private final Deque<Batch> batches = new ArrayDeque<>();

  /** A persisted batch, and when everything in it has expired. */
  private record Batch(long number, long dropAfterMillis) {}

  /**
   * @param pairing which half edges find each other
   * @param waitMillis how long a half edge waits for its other half, in record time
   * @param room how many half edges may stay
   * @param nodes those that the half edges of {@link #apply} refer to
   */
  public ServiceGraph(Pairing pairing, long waitMillis, Room room, GraphNodes nodes) {
    this.pairing = pairing;
    this.waitMillis = waitMillis;
    this.room = room;
    this.nodes = nodes;
    this.halves = new HalfEdges(nodes);
    this.half = new HalfEdge(nodes);
    this.other = new HalfEdge(nodes);
    this.batch = new HalfEdgeBatch(nodes);
  }

  /**
   * Counts what was staged.
   *
   * @param edges those of the tenant whose spans were staged
   * @param nowMillis the partition's time
   */
  public void apply(CallSides sides, Edges edges, EdgesByTenant tenants, long nowMillis) {
    sides.take(edges, half, new Sides(edges, tenants, nowMillis));
  }

  /** The sides of a record's spans. */
  private final class Sides implements CallSides.Sink {
    private final Edges edges;
    private final EdgesByTenant tenants;
    private final long nowMillis;

    Sides(Edges edges, EdgesByTenant tenants, long nowMillis) {
      this.edges = edges;
      this.tenants = tenants;
      this.nowMillis = nowMillis;
    }

    @Override
    public void expect(long keyHash) {
      halves.expect(keyHash);
    }

    @Override
    public void accept(HalfEdge side) {
      ServiceGraph.this.apply(side, edges, tenants, nowMillis);
    }
  }

  /** Counts one side; its tenant's books know of it already. */
  void apply(HalfEdge side, Edges edges, EdgesByTenant tenants, long nowMillis) {
    if (pairing.isEdgeAtOnce(side)) {
      edges.database(side);
    } else if (!side.isNamed()) {
      add(side, 0, tenants, nowMillis);
    } else if (side.isClientSide()) {
      applyClient(side, edges, tenants, nowMillis);
    } else {
      applyServer(side, edges, tenants, nowMillis);
    }
  }

  private void applyServer(HalfEdge server, Edges edges, EdgesByTenant tenants, long nowMillis) {
    halves.look(server);
    long client = halves.other();
    if (client < 0) {
      add(server, counterpart(), tenants, nowMillis);
      return;
    }
    halves.show(client, other);
    boolean further = other.has(HalfEdge.ANSWERED);
    edges.paired(other, server, further);
    if (!stays(other)) {
      close(client);
    } else if (!further) {
      if (!other.isApart()) {
        makeRoom(true, tenants);
      }
      mark(client, HalfEdge.ANSWERED);
    }
  }

  private void applyClient(HalfEdge client, Edges edges, EdgesByTenant tenants, long nowMillis) {
    halves.look(client);
    boolean stays = stays(client);
    if (stays && halves.same() >= 0) {
      edges.counts().unpaired("duplicate", 1);
      return;
    }
    int counterpart = counterpart();
    boolean answered = false;
    long server = halves.other();
    while (server >= 0 && (stays || !answered)) {
      edges.paired(client, halves.show(server, other), answered);
      close(server);
      answered = true;
      halves.look(client);
      server = halves.other();
    }
    if (stays || !answered) {
      add(client, counterpart | (answered ? HalfEdge.ANSWERED : 0), tenants, nowMillis);
    }
  }

  /** Whether a client meets further servers after the first one. */
  private boolean stays(HalfEdge client) {
    return pairing.allServers() || (pairing.links() && client.kind() == HalfEdge.PRODUCER);
  }

  private int counterpart() {
    return halves.isOtherFiltered() ? HalfEdge.FILTERED_COUNTERPART : 0;
  }

  private void add(HalfEdge side, int flags, EdgesByTenant tenants, long nowMillis) {
    makeRoom(side.isApart() || HalfEdge.isApart(flags), tenants);
    halves.makeDense();
    long address = halves.add(side, nowMillis + waitMillis);
    if (flags != 0) {
      halves.mark(address, flags);
    }
  }

  /** Takes away the half edge that {@code other} shows. */
  private void close(long address) {
    if (halves.batch(address) > 0) {
      closed.fixed64(halves.batch(address)).fixed32(halves.place(address));
    }
    halves.remove(address, other);
  }

  private void mark(long address, int flags) {
    if (halves.batch(address) > 0) {
      marked.fixed64(halves.batch(address)).fixed32(halves.place(address)).u8(flags);
    }
    halves.mark(address, flags);
  }

  private void makeRoom(boolean apart, EdgesByTenant tenants) {
    if (!apart && halves.needy() >= room.waiting()) {
      giveUp(halves.oldestNeedy(), tenants);
    } else if (apart && halves.apart() >= room.apart()) {
      halves.expectApart(room.apartAtOnce());
      for (int i = 0; i < room.apartAtOnce(); i++) {
        giveUp(halves.oldestApart(), tenants);
      }
    }
  }

  private void giveUp(long address, EdgesByTenant tenants) {
    halves.show(address, other);
    Edges edges = edgesOf(other, tenants);
    if (other.isSilent()) {
      edges.counts().gaveUp();
    } else if (other.callsDatabase()) {
      edges.database(other);
    } else {
      edges.counts().unpaired("max_items", 1);
    }
    close(address);
  }

  /** Who keeps the edges of all tenants. */
  public interface EdgesByTenant {

    /** The edges of a tenant. */
    Edges of(byte[] buffer, int tenantOffset, int tenantLength);

    /** What is counted next belongs to the window of this instant. */
    void creditTo(long instantMillis);
  }

  /** Ends the stay of every half edge whose time has come by {@code nowMillis}, oldest first. */
  public void expire(long nowMillis, EdgesByTenant tenants) {
    for (long oldest = halves.oldest();
        oldest >= 0 && halves.expiryMillis(oldest) <= nowMillis;
        oldest = halves.oldest()) {
      halves.show(oldest, other);
      if (!other.isSilent()) {
        tenants.creditTo(halves.expiryMillis(oldest));
        expire(other, halves.expiryMillis(oldest), edgesOf(other, tenants));
      }
      halves.remove(oldest, other);
    }
    halves.cutFront();
  }

  private static Edges edgesOf(HalfEdge side, EdgesByTenant tenants) {
    return tenants.of(side.bytes(), side.tenantOffset(), side.tenantLength());
  }

  private void expire(HalfEdge side, long expiryMillis, Edges edges) {
    if (side.callsDatabase()) {
      edges.database(side);
    } else if (isCounterpartFiltered(side)) {
      edges.counts().unpaired("filtered_counterpart", 1);
    } else if (growth.parted(side, expiryMillis, waitMillis)) {
      edges.counts().unpaired("repartitioned", 1);
    } else if (side.has(HalfEdge.ROOT)) {
      boolean named = side.peerLength() > 0;
      edges.virtualClient(
          side,
          named ? side.bytes() : USER,
          named ? side.peerOffset() : 0,
          named ? side.peerLength() : USER.length);
    } else if (side.isClientSide() && side.isNamed() && side.peerLength() > 0) {
      edges.virtualServer(side);
    } else {
      edges.counts().unpaired(side.has(HalfEdge.LINK) ? "link" : KIND_NAMES[side.kind()], 1);
    }
  }

  /** A marker that came before left its flag; one that came later is still here. */
  private boolean isCounterpartFiltered(HalfEdge side) {
    if (side.has(HalfEdge.FILTERED_COUNTERPART) || !halves.hasMarkers()) {
      return side.has(HalfEdge.FILTERED_COUNTERPART);
    }
    halves.look(side);
    return halves.isOtherFiltered();
  }

  private static final String[] KIND_NAMES = {
    "", "", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"
  };

  /** Traces are spread over another number of partitions since then. */
  public void grown(PartitionGrowth lastGrowth) {
    growth = lastGrowth;
  }

  GraphNodes nodes() {
    return nodes;
  }

  /** How many half edges wait. */
  public int waiting() {
    return halves.waiting();
  }

  /** Where batches are kept. */
  public interface BatchStore {
    void put(long number, byte[] batch);

    void delete(long number);
  }

  /**
   * Persists what changed since the last call; belongs to the commit of the records that changed
   * it. Nothing may be staged.
   */
  public void persist(BatchStore store, long nowMillis) {
    batch.begin(nextBatch);
    for (long address = Math.max(halves.persistedEnd(), halves.head());
        address < halves.end();
        address = halves.next(address)) {
      if (halves.isHere(address)) {
        makeRoomInBatch(store);
        int place = batch.half(halves.expiryMillis(address), halves.show(address, other));
        halves.markPersisted(address, batch.number(), place);
        lastExpiry = halves.expiryMillis(address);
      }
    }
    halves.persisted(true);
    persistChanges(store);
    putBatch(store);
    while (!batches.isEmpty() && batches.peekFirst().dropAfterMillis() <= nowMillis) {
      store.delete(batches.removeFirst().number());
    }
    nodes.sweep();
  }

  /**
   * Nothing is persisted, as far as it knows: the next {@link #persist} writes all that is here.
   */
  public void forgetPersisted() {
    for (long address = halves.head(); address < halves.end(); address = halves.next(address)) {
      halves.markPersisted(address, 0, 0);
    }
    halves.persisted(false);
    closed.truncate(0);
    marked.truncate(0);
    batches.clear();
    nextBatch = 1;
  }

  private void persistChanges(BatchStore store) {
    changes.reset(closed.bytes(), 0, closed.length());
    while (changes.hasMore()) {
      makeRoomInBatch(store);
      batch.closed(changes.fixed64(), changes.fixed32());
    }
    closed.truncate(0);
    changes.reset(marked.bytes(), 0, marked.length());
    while (changes.hasMore()) {
      makeRoomInBatch(store);
      batch.marked(changes.fixed64(), changes.fixed32(), changes.u8());
    }
    marked.truncate(0);
  }

  private void makeRoomInBatch(BatchStore store) {
    if (batch.size() >= LARGE_BATCH_BYTES) {
      putBatch(store);
      batch.begin(nextBatch);
    }
  }

  private void putBatch(BatchStore store) {
    if (!batch.isEmpty()) {
      store.put(batch.number(), batch.toByteArray());
      batches.addLast(new Batch(batch.number(), lastExpiry));
      nextBatch = batch.number() + 1;
    }
  }

  /** Takes back persisted batches, oldest first, into an empty graph. */
  public static final class Restorer {
    private final ServiceGraph graph;
    private final HalfEdgeReader halves;
    private final Map<Place, Long> addresses = new HashMap<>();

    private record Place(long batch, int place) {}

    /**
     * @param graph nothing must have happened to it yet
     */
    public Restorer(ServiceGraph graph) {
      this.graph = graph;
      this.halves = new HalfEdgeReader(graph.nodes);
    }

    /**
     * Takes back one batch.
     *
     * @param nowMillis the partition's time: what has expired by then was dealt with
     */
    public void batch(long number, byte[] bytes, long nowMillis) {
      ByteReader reader = new ByteReader().reset(bytes);
      int version = reader.u8();
      if (version < 1 || version > HalfEdgeBatch.VERSION) {
        throw new CorruptLayoutException(
            "half edges of version %d; this program reads versions 1 to %d"
                .formatted(version, HalfEdgeBatch.VERSION));
      }
      halves.begin(form(version), reader);
      int count = reader.uvarint31();
      for (int place = 0; place < count; place++) {
        graph.lastExpiry = half(reader, new Place(number, place), nowMillis);
      }
      int gone = reader.uvarint31();
      for (int i = 0; i < gone; i++) {
        remove(place(number, reader));
      }
      int flagged = version < 3 ? 0 : reader.uvarint31();
      for (int i = 0; i < flagged; i++) {
        mark(place(number, reader), reader.u8());
      }
      graph.batches.addLast(new Batch(number, graph.lastExpiry));
      graph.nextBatch = number + 1;
      graph.halves.persisted(true);
    }

    private static HalfEdgeReader.Form form(int version) {
      return switch (version) {
        case 1 -> HalfEdgeReader.Form.WITHOUT_DIMENSIONS;
        case 2, 3 -> HalfEdgeReader.Form.VALUES_ONLY;
        case 4 -> HalfEdgeReader.Form.IN_FULL;
        default -> HalfEdgeReader.Form.WITH_NODES;
      };
    }

    private long half(ByteReader reader, Place place, long nowMillis) {
      long expiry = reader.fixed64();
      int length = reader.uvarint31();
      int offset = reader.skip(length);
      if (expiry > nowMillis) {
        HalfEdge half = halves.read(reader.bytes(), offset, length);
        long address = graph.halves.add(half, expiry);
        graph.halves.markPersisted(address, place.batch(), place.place());
        addresses.put(place, address);
      }
      return expiry;
    }

    private static Place place(long number, ByteReader reader) {
      return new Place(number - reader.uvarint(), reader.uvarint31());
    }

    private void remove(Place place) {
      Long address = addresses.remove(place);
      if (address != null) {
        graph.halves.remove(address, graph.halves.show(address, graph.other));
      }
    }

    private void mark(Place place, int flags) {
      Long address = addresses.get(place);
      if (address != null) {
        graph.halves.mark(address, flags);
      }
    }
  }
}
