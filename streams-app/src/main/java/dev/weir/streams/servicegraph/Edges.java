package dev.weir.streams.servicegraph;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.series.DeltaSink;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.SeriesTable;
import dev.weir.streams.series.SpanIds;
import dev.weir.streams.series.ValueRewriter;
import dev.weir.streams.weight.Weight;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the edges of one tenant: requests, failed ones, and the latency that each side saw. A side
 * that was not seen observes nothing. Keeps the tenant's books of half edges. Not thread-safe.
 */
public final class Edges {
  private static final int FAILED = 1;
  private static final int SERVER_LATENCY = 0;
  private static final int CLIENT_LATENCY = 1;

  private final EdgeSettings settings;
  private final SeriesTable requests;
  private final SeriesTable messaging;
  private final SeriesTable info;
  private final List<SeriesTable> tables;
  private final boolean hasWeights;
  private final Weight weight = new Weight();
  private final boolean hasExemplars;
  private final boolean observesMessaging;
  private final SpanIds ids = new SpanIds();
  private final HistogramBounds bounds;
  private final EdgeLabels labels;
  private final GraphNodes nodes;
  private EdgeCounts counts = new EdgeCounts();
  private int generation;
  private int entry;

  /** Edges whose values of labels stay what they are. */
  public Edges(
      byte[] tenant,
      EdgeSettings settings,
      SeriesSettings series,
      HistogramBounds bounds,
      int shards,
      LabelRules rules,
      GraphNodes nodes) {
    this(tenant, settings, series, bounds, shards, rules, ValueRewriter.NOTHING, nodes);
  }

  /**
   * @param series how requests are told of
   * @param shards how many shards label sets are spread over
   * @param rules what labels are allowed to be
   * @param rewriter replaces values of labels
   * @param nodes those that half edges refer to
   */
  public Edges(
      byte[] tenant,
      EdgeSettings settings,
      SeriesSettings series,
      HistogramBounds bounds,
      int shards,
      LabelRules rules,
      ValueRewriter rewriter,
      GraphNodes nodes) {
    this.settings = settings;
    this.nodes = nodes;
    this.generation = nodes.generation();
    this.bounds = bounds;
    this.hasWeights = series.weights().enabled();
    this.hasExemplars = series.hasExemplars();
    this.observesMessaging = settings.messagingLatency() && series.selection().histograms();
    this.requests =
        new SeriesTable(tenant, MetricGroup.SERVICE_GRAPH, series, bounds.buckets(), shards);
    this.messaging =
        new SeriesTable(
            tenant, MetricGroup.SERVICE_GRAPH_MESSAGING, series, bounds.buckets(), shards);
    this.info =
        new SeriesTable(
            tenant, MetricGroup.CONNECTION_INFO, SeriesSettings.DEFAULT, bounds.buckets(), shards);
    this.tables = List.of(requests, messaging, info);
    this.labels = new EdgeLabels(settings, rules, rewriter, nodes);
  }

  /** Whether anything was added since the last drain. */
  public boolean isTouched() {
    return tables.stream().anyMatch(SeriesTable::isTouched);
  }

  /** Hands over all amounts and makes them 0. */
  public void drain(DeltaSink sink) {
    tables.forEach(table -> table.drain(sink));
  }

  /**
   * Forgets what edges are known if that takes much memory, or if nodes were forgotten; to be
   * called right after a drain, and after each sweep of the nodes before anything is counted.
   */
  public void forgetIfLargerThan(int maxBytes) {
    boolean areStale = nodes.generation() != generation;
    if (areStale && isTouched()) {
      throw new IllegalStateException("nodes were forgotten that edges count for");
    }
    generation = nodes.generation();
    tables.forEach(table -> table.forgetIfLargerThan(areStale ? 0 : maxBytes));
  }

  /** The books since the last call. */
  public EdgeCounts takeCounts() {
    EdgeCounts taken = counts;
    counts = new EdgeCounts();
    return taken;
  }

  /** The books so far. */
  public EdgeCounts counts() {
    return counts;
  }

  /**
   * Both sides are there.
   *
   * @param further whether the client was paired before, so that only the server's half is new
   */
  void paired(HalfEdge client, HalfEdge server, boolean further) {
    ConnectionType type = type(client, server);
    boolean isMessaging = type == ConnectionType.MESSAGING_SYSTEM;
    labels.begin(type).side(client).side(server);
    weigh(client.weight() > 0 ? client.weight() : server.weight());
    if (count(client.has(HalfEdge.FAILED) || server.has(HalfEdge.FAILED))) {
      observe(SERVER_LATENCY, server);
      observe(CLIENT_LATENCY, client);
      if (isMessaging && observesMessaging) {
        observeMessaging(client.edgeTimeUnixNanos(), server);
      }
    }
    counts.paired += further ? 0 : 1;
    counts.further += further ? 1 : 0;
  }

  /** What either side says, in this order, whichever came first. */
  private static ConnectionType type(HalfEdge client, HalfEdge server) {
    if (client.kind() == HalfEdge.PRODUCER || server.kind() == HalfEdge.CONSUMER) {
      return ConnectionType.MESSAGING_SYSTEM;
    }
    return client.has(HalfEdge.DATABASE) ? ConnectionType.DATABASE : ConnectionType.CALL;
  }

  /**
   * A call to a database, which the client saw and nobody else: its duration stands for both sides,
   * as in Tempo.
   */
  void database(HalfEdge client) {
    labelByClient(ConnectionType.DATABASE, client);
    weigh(client.weight());
    if (count(client.has(HalfEdge.FAILED))) {
      observe(SERVER_LATENCY, client);
      observe(CLIENT_LATENCY, client);
    }
    counts.single++;
  }

  /** A client side that nobody answered, with a name for who should have. */
  void virtualServer(HalfEdge client) {
    labelByClient(ConnectionType.VIRTUAL_SERVER, client);
    weigh(client.weight());
    if (count(client.has(HalfEdge.FAILED))) {
      observe(CLIENT_LATENCY, client);
      observeUnseen(SERVER_LATENCY, client);
    }
    counts.virtual++;
  }

  private void labelByClient(ConnectionType type, HalfEdge client) {
    labels.begin(type).side(client).name(client.bytes(), client.peerOffset(), client.peerLength());
  }

  /** A server side that was called from outside. */
  void virtualClient(HalfEdge server, byte[] name, int offset, int length) {
    labels.begin(ConnectionType.VIRTUAL_CLIENT).name(name, offset, length).side(server);
    weigh(server.weight());
    if (count(server.has(HalfEdge.FAILED))) {
      observe(SERVER_LATENCY, server);
      observeUnseen(CLIENT_LATENCY, server);
    }
    counts.virtual++;
  }

  /**
   * An edge weighs what its client's span does, or else its server's, whichever came first.
   *
   * @param told 0 if nothing told it
   */
  private void weigh(double told) {
    if (hasWeights) {
      weight.set(told > 0 ? told : 1);
    }
  }

  /** Counts the edge that is labelled; whether its latency is to be observed. */
  private boolean count(boolean failed) {
    if (settings.connectionInfo()) {
      int seen = entryIn(info);
      if (info.isWellFormed(seen)) {
        info.count(seen);
      }
    }
    entry = entryIn(requests);
    if (!requests.isWellFormed(entry)) {
      counts.invalid++;
      return false;
    }
    if (!settings.requests()) {
      return false;
    }
    if (hasWeights) {
      requests.count(entry, weight);
      requests.add(entry, FAILED, failed ? 1 : 0, weight);
    } else {
      requests.count(entry);
      requests.add(entry, FAILED, failed ? 1 : 0);
    }
    return true;
  }

  private int entryIn(SeriesTable table) {
    ByteWriter key = labels.key();
    int known = table.find(key.bytes(), 0, key.length());
    return known >= 0 ? known : table.insert(key.bytes(), 0, key.length(), labels.labels());
  }

  private void observe(int histogram, HalfEdge side) {
    observe(histogram, side.nanos(), side);
  }

  private void observe(int histogram, long nanos, HalfEdge side) {
    int bucket = bounds.bucketOf(nanos);
    if (hasWeights) {
      requests.observe(entry, histogram, nanos, bucket, weight);
    } else {
      requests.observe(entry, histogram, nanos, bucket);
    }
    if (hasExemplars) {
      requests.exemplar(entry, histogram, nanos, bucket, side.ids(ids));
    }
  }

  /** The latency that a side which was not seen has in Tempo. */
  private void observeUnseen(int histogram, HalfEdge seen) {
    if (settings.zeroForUnseenSide()) {
      observe(histogram, 0, seen);
    }
  }

  /** Observes nothing if the clocks of the two sides say that receiving began before. */
  private void observeMessaging(long sentUnixNanos, HalfEdge receiver) {
    long receivedUnixNanos = receiver.edgeTimeUnixNanos();
    if (Long.compareUnsigned(receivedUnixNanos, sentUnixNanos) > 0) {
      long nanos = receivedUnixNanos - sentUnixNanos;
      int bucket = bounds.bucketOf(nanos);
      int sent = entryIn(messaging);
      if (hasWeights) {
        messaging.observeOnly(sent, nanos, bucket, weight);
      } else {
        messaging.observeOnly(sent, nanos, bucket);
      }
      if (hasExemplars) {
        messaging.exemplar(sent, 0, nanos, bucket, receiver.ids(ids));
      }
    }
  }

  /**
   * What became of half edges. Half edges + links = 2 × paired + further + single + virtual +
   * unpaired + those that still wait.
   */
  public static final class EdgeCounts {
    private long halves;
    private long links;
    private long paired;
    private long further;
    private long single;
    private long virtual;
    private long invalid;
    private long forgotten;
    private final Map<String, long[]> unpaired = new TreeMap<>(); // one number each, not boxed

    void sides(int sidesOfCalls, int linksOfThem) {
      halves += sidesOfCalls;
      links += linksOfThem;
    }

    void unpaired(String reason, int sides) {
      if (sides > 0) {
        unpaired.computeIfAbsent(reason, key -> new long[1])[0] += sides;
      }
    }

    void gaveUp() {
      forgotten++;
    }

    /** Sides of calls that were seen. */
    public long halves() {
      return halves;
    }

    /** Links to producers that were seen. */
    public long links() {
      return links;
    }

    /** Edges of two halves. */
    public long paired() {
      return paired;
    }

    /** Edges of a server's half and a client's half that has an edge already. */
    public long further() {
      return further;
    }

    /** Edges of one half by nature: database calls. */
    public long single() {
      return single;
    }

    /** Edges with a virtual node in place of the other half. */
    public long virtual() {
      return virtual;
    }

    /** Edges, among the above, that were not counted because a label of theirs is not UTF-8. */
    public long invalid() {
      return invalid;
    }

    /** Half edges that were of no account but should have been remembered for longer. */
    public long forgotten() {
      return forgotten;
    }

    /** Half edges that came to nothing, by reason. */
    public Map<String, Long> unpaired() {
      Map<String, Long> counts = new TreeMap<>();
      unpaired.forEach((reason, count) -> counts.put(reason, count[0]));
      return counts;
    }

    /** Whether nothing happened. */
    public boolean isEmpty() {
      return halves + links + paired + further + single + virtual + invalid + forgotten == 0
          && unpaired.isEmpty();
    }
  }
}
