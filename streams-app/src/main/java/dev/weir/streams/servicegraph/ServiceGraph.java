package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.SpanFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pairs the client and server spans of one partition into edges, as Tempo's service-graphs
 * processor does, but by the time of records instead of the reader's clock. The spans of a record
 * are staged first and count only when the record was read to its end. Not thread-safe.
 *
 * <p>What waits for its other half outlives a commit in <em>batches</em>: at each commit, with the
 * half edges that came since the one before and still wait, and the places of persisted ones that
 * have found their other half since. A batch is dropped when all its half edges have expired. So a
 * pair that is completed within a commit costs no write, and any other costs its bytes once. Layout
 * of a batch (version 3): version; number of half edges; for each its expiry (8 bytes) and its
 * bytes behind their length; number of places; for each how many batches ago, and the place. In
 * version 2 the number of dimensions and for each the attribute came after the version, and half
 * edges had nothing but values; version 1 was without dimensions.
 */
public final class ServiceGraph {
  /** Another batch is begun at this size, well below what a broker accepts as a record. */
  private static final int LARGE_BATCH_BYTES = 256 * 1024;

  private static final byte[] USER = "user".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS_ERROR = 2;

  private final long waitMillis;
  private final int maxItems;
  private final HalfEdges waiting = new HalfEdges();
  private final ByteWriter staged = new ByteWriter(4096);
  private final ByteReader stagedReader = new ByteReader();
  private final HalfEdge half = new HalfEdge();
  private final HalfEdge other = new HalfEdge();
  private PeerNames names = new PeerNames(List.of(), List.of());
  private SpanFilter filter = new SpanFilter(FilterPolicies.NONE);
  private byte[] tenant = new byte[0];
  private boolean hasService;
  private int stagedFiltered;

  private final ByteWriter closed = new ByteWriter(256);
  private final ByteReader closedReader = new ByteReader();
  private long lastExpiry;
  private long persistedEnd;
  private long nextBatch = 1;
  private final Deque<Batch> batches = new ArrayDeque<>();

  /** A persisted batch, and when everything in it has expired. */
  private record Batch(long number, long dropAfterMillis) {}

  /**
   * @param waitMillis how long a half edge waits for its other half, in record time
   * @param maxItems how many half edges may wait; the oldest gives way
   */
  public ServiceGraph(long waitMillis, int maxItems) {
    this.waitMillis = waitMillis;
    this.maxItems = maxItems;
  }

  /**
   * The spans that follow belong to this tenant.
   *
   * @param names tells who is at the two ends of its calls
   * @param filter which of its spans take part in edges
   */
  public void tenant(byte[] tenant, PeerNames names, SpanFilter filter) {
    this.tenant = tenant;
    this.names = names;
    this.filter = filter;
  }

  /**
   * The resource of the spans that follow; one that names no service takes no part in edges.
   *
   * @param attributes of it, as far as all processors need them
   * @param resource the same resource as a whole
   */
  public void resource(AttributeValues attributes, ResourceView resource)
      throws MalformedOtlpException {
    hasService = names.resource(attributes);
    filter.resource(resource);
  }

  /** Stages a span of that resource. */
  public void span(SpanView span) throws MalformedOtlpException {
    int kind = span.kind();
    if (!hasService || !HalfEdge.isSide(kind)) {
      return;
    }
    if (!filter.accepts(span)) {
      stagedFiltered++;
      return;
    }
    boolean clientSide = HalfEdge.isClientSide(kind);
    names.span(span, clientSide);
    int flags = span.statusCode() == STATUS_ERROR ? HalfEdge.FAILED : 0;
    int parentLength = isZero(span) ? 0 : span.parentSpanIdLength();
    flags |= !clientSide && parentLength == 0 ? HalfEdge.ROOT : 0;
    flags |= names.isDatabase() ? HalfEdge.DATABASE : 0;
    int start = staged.length();
    staged.fixed64(0);
    HalfEdge.begin(
            staged,
            kind,
            flags,
            span.durationNanos(),
            clientSide ? span.endUnixNanos() : span.startUnixNanos())
        .prefixed(tenant)
        .prefixed(span.buffer(), span.traceIdOffset(), span.traceIdLength());
    if (clientSide) {
      staged.prefixed(span.buffer(), span.spanIdOffset(), span.spanIdLength());
    } else {
      staged.prefixed(span.buffer(), span.parentSpanIdOffset(), parentLength);
    }
    names.writeTo(staged);
    staged.overwrite64(start, staged.length() - start - 8L);
  }

  /** A parent of zero bytes only is how some converters write "no parent". */
  private static boolean isZero(SpanView span) {
    for (int i = 0; i < span.parentSpanIdLength(); i++) {
      if (span.buffer()[span.parentSpanIdOffset() + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Forgets what was staged. */
  public void discard() {
    staged.truncate(0);
    stagedFiltered = 0;
  }

  /**
   * Counts what was staged.
   *
   * @param edges those of the tenant whose spans were staged
   * @param nowMillis the partition's time
   */
  public void apply(Edges edges, EdgesByTenant tenants, long nowMillis) {
    stagedReader.reset(staged.bytes(), 0, staged.length());
    while (stagedReader.hasMore()) {
      int length = (int) stagedReader.fixed64();
      int offset = stagedReader.skip(length);
      apply(half.at(staged.bytes(), offset, length), edges, tenants, nowMillis);
    }
    edges.counts().filtered(stagedFiltered);
    discard();
  }

  private void apply(HalfEdge side, Edges edges, EdgesByTenant tenants, long nowMillis) {
    edges.counts().half();
    if (side.has(HalfEdge.DATABASE) && side.serviceLength() > 0) {
      edges.database(side);
      return;
    }
    long found = side.serviceLength() > 0 ? waiting.findOther(side) : -1;
    if (found < 0) {
      makeRoom(tenants);
      waiting.add(side, nowMillis + waitMillis);
      return;
    }
    waiting.show(found, other);
    edges.paired(side.isClientSide() ? side : other, side.isClientSide() ? other : side);
    close(found);
  }

  private void close(long address) {
    if (waiting.batch(address) > 0) {
      closed.fixed64(waiting.batch(address)).fixed64(waiting.place(address));
    }
    waiting.remove(address, other);
  }

  private void makeRoom(EdgesByTenant tenants) {
    if (waiting.size() >= maxItems) {
      long oldest = waiting.oldestWaiting();
      waiting.show(oldest, other);
      edgesOf(other, tenants).counts().unpaired("max_items");
      close(oldest);
    }
  }

  /** Who keeps the edges of all tenants. */
  public interface EdgesByTenant {

    /** The edges of a tenant. */
    Edges of(byte[] buffer, int tenantOffset, int tenantLength);

    /** What is counted next belongs to the window of this instant. */
    void creditTo(long instantMillis);
  }

  /** Ends the waiting of every half edge whose time has come by {@code nowMillis}, oldest first. */
  public void expire(long nowMillis, EdgesByTenant tenants) {
    for (long oldest = waiting.oldestWaiting();
        oldest >= 0 && waiting.expiryMillis(oldest) <= nowMillis;
        oldest = waiting.oldestWaiting()) {
      waiting.show(oldest, other);
      tenants.creditTo(waiting.expiryMillis(oldest));
      expire(other, edgesOf(other, tenants));
      waiting.remove(oldest, other);
    }
    waiting.cutBefore(persistedEnd);
  }

  private static Edges edgesOf(HalfEdge side, EdgesByTenant tenants) {
    return tenants.of(side.bytes(), side.tenantOffset(), side.tenantLength());
  }

  private static void expire(HalfEdge side, Edges edges) {
    if (!side.isClientSide() && side.has(HalfEdge.ROOT)) {
      boolean named = side.peerLength() > 0;
      edges.virtualClient(
          side,
          named ? side.bytes() : USER,
          named ? side.peerOffset() : 0,
          named ? side.peerLength() : USER.length);
    } else if (side.isClientSide() && side.serviceLength() > 0 && side.peerLength() > 0) {
      edges.virtualServer(side);
    } else {
      edges.counts().unpaired(KIND_NAMES[side.kind()]);
    }
  }

  private static final String[] KIND_NAMES = {
    "", "", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"
  };

  /** How many half edges wait. */
  public int waiting() {
    return waiting.size();
  }

  /** Where batches are kept. */
  public interface BatchStore {
    void put(long number, byte[] batch);

    void delete(long number);
  }

  /**
   * Persists what changed since the last call; belongs to the commit of the records that changed
   * it.
   */
  public void persist(BatchStore store, long nowMillis) {
    HalfEdgeBatch batch = new HalfEdgeBatch(nextBatch);
    for (long address = Math.max(persistedEnd, waiting.head());
        address < waiting.end();
        address = waiting.next(address)) {
      if (waiting.isWaiting(address)) {
        batch = roomIn(batch, store);
        int place = batch.half(waiting.expiryMillis(address), waiting.show(address, other));
        waiting.markPersisted(address, batch.number(), place);
        lastExpiry = waiting.expiryMillis(address);
      }
    }
    persistedEnd = waiting.end();
    closedReader.reset(closed.bytes(), 0, closed.length());
    while (closedReader.hasMore()) {
      batch = roomIn(batch, store);
      batch.closed(closedReader.fixed64(), closedReader.fixed64());
    }
    closed.truncate(0);
    put(batch, store);
    while (!batches.isEmpty() && batches.peekFirst().dropAfterMillis() <= nowMillis) {
      store.delete(batches.removeFirst().number());
    }
  }

  private HalfEdgeBatch roomIn(HalfEdgeBatch batch, BatchStore store) {
    if (batch.size() < LARGE_BATCH_BYTES) {
      return batch;
    }
    put(batch, store);
    return new HalfEdgeBatch(nextBatch);
  }

  private void put(HalfEdgeBatch batch, BatchStore store) {
    if (!batch.isEmpty()) {
      store.put(batch.number(), batch.toByteArray());
      batches.addLast(new Batch(batch.number(), lastExpiry));
      nextBatch = batch.number() + 1;
    }
  }

  /** Takes back persisted batches, oldest first, into an empty graph. */
  public static final class Restorer {
    private final ServiceGraph graph;
    private final PersistedDimensions dimensions = new PersistedDimensions();
    private final Map<Place, Long> addresses = new HashMap<>();

    private record Place(long batch, long place) {}

    /**
     * @param graph nothing must have happened to it yet
     */
    public Restorer(ServiceGraph graph) {
      this.graph = graph;
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
      dimensions.readFrom(reader, version);
      int halves = reader.uvarint31();
      for (int place = 0; place < halves; place++) {
        graph.lastExpiry = half(reader, new Place(number, place), nowMillis);
      }
      int places = reader.uvarint31();
      for (int i = 0; i < places; i++) {
        close(new Place(number - reader.uvarint(), reader.uvarint()));
      }
      graph.batches.addLast(new Batch(number, graph.lastExpiry));
      graph.nextBatch = number + 1;
      graph.persistedEnd = graph.waiting.end();
    }

    private long half(ByteReader reader, Place place, long nowMillis) {
      long expiry = reader.fixed64();
      int length = reader.uvarint31();
      int offset = reader.skip(length);
      if (expiry > nowMillis) {
        HalfEdge half = dimensions.adopt(graph.half.at(reader.bytes(), offset, length));
        long address = graph.waiting.add(half, expiry);
        graph.waiting.markPersisted(address, place.batch(), place.place());
        addresses.put(place, address);
      }
      return expiry;
    }

    private void close(Place place) {
      Long address = addresses.remove(place);
      if (address != null) {
        graph.waiting.remove(address, graph.waiting.show(address, graph.other));
      }
    }
  }
}
