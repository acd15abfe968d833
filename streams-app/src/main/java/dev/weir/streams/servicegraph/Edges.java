package dev.weir.streams.servicegraph;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.SeriesTable;
import java.nio.charset.StandardCharsets;
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
  private static final byte[] CLIENT = "client".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONNECTION_TYPE =
      "connection_type".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SERVER = "server".getBytes(StandardCharsets.US_ASCII);

  private final SeriesTable table;
  private final HistogramBounds bounds;
  private final LabelsWriter labels;
  private final ByteWriter key = new ByteWriter(128);
  private EdgeCounts counts = new EdgeCounts();

  /**
   * @param shards how many shards label sets are spread over
   * @param maxLabelValueBytes longest label value; 0 is no limit
   */
  public Edges(byte[] tenant, HistogramBounds bounds, int shards, int maxLabelValueBytes) {
    this.table = new SeriesTable(tenant, MetricGroup.SERVICE_GRAPH, bounds.buckets(), shards);
    this.bounds = bounds;
    this.labels = new LabelsWriter(maxLabelValueBytes);
  }

  /** The amounts since the last drain. */
  public SeriesTable table() {
    return table;
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

  /** Both sides are there. */
  void paired(HalfEdge client, HalfEdge server) {
    boolean messaging = client.kind() == HalfEdge.PRODUCER || server.kind() == HalfEdge.CONSUMER;
    int entry =
        entry(
            messaging ? ConnectionType.MESSAGING_SYSTEM : ConnectionType.CALL,
            client.bytes(),
            client.serviceOffset(),
            client.serviceLength(),
            server.bytes(),
            server.serviceOffset(),
            server.serviceLength());
    if (count(entry, client.has(HalfEdge.FAILED) || server.has(HalfEdge.FAILED))) {
      observe(entry, SERVER_LATENCY, server.nanos());
      observe(entry, CLIENT_LATENCY, client.nanos());
    }
    counts.paired++;
  }

  /**
   * A call to a database, which the client saw and nobody else: its duration stands for both sides,
   * as in Tempo.
   */
  void database(HalfEdge client) {
    int entry =
        entry(
            ConnectionType.DATABASE,
            client.bytes(),
            client.serviceOffset(),
            client.serviceLength(),
            client.bytes(),
            client.peerOffset(),
            client.peerLength());
    if (count(entry, client.has(HalfEdge.FAILED))) {
      observe(entry, SERVER_LATENCY, client.nanos());
      observe(entry, CLIENT_LATENCY, client.nanos());
    }
    counts.single++;
  }

  /** A client side that nobody answered, with a name for who should have. */
  void virtualServer(HalfEdge client) {
    int entry =
        entry(
            ConnectionType.VIRTUAL_NODE,
            client.bytes(),
            client.serviceOffset(),
            client.serviceLength(),
            client.bytes(),
            client.peerOffset(),
            client.peerLength());
    if (count(entry, client.has(HalfEdge.FAILED))) {
      observe(entry, CLIENT_LATENCY, client.nanos());
    }
    counts.virtual++;
  }

  /** A server side that was called from outside. */
  void virtualClient(HalfEdge server, byte[] name, int offset, int length) {
    int entry =
        entry(
            ConnectionType.VIRTUAL_NODE,
            name,
            offset,
            length,
            server.bytes(),
            server.serviceOffset(),
            server.serviceLength());
    if (count(entry, server.has(HalfEdge.FAILED))) {
      observe(entry, SERVER_LATENCY, server.nanos());
    }
    counts.virtual++;
  }

  private int entry(
      ConnectionType type,
      byte[] client,
      int clientOffset,
      int clientLength,
      byte[] server,
      int serverOffset,
      int serverLength) {
    key.truncate(0)
        .u8(type.code())
        .prefixed(client, clientOffset, clientLength)
        .raw(server, serverOffset, serverLength);
    int entry = table.find(key.bytes(), 0, key.length());
    if (entry >= 0) {
      return entry;
    }
    labels
        .begin()
        .label(CLIENT, client, clientOffset, clientLength)
        .label(CONNECTION_TYPE, type.label())
        .label(SERVER, server, serverOffset, serverLength);
    return table.insert(key.bytes(), 0, key.length(), labels);
  }

  private boolean count(int entry, boolean failed) {
    if (!table.isWellFormed(entry)) {
      counts.invalid++;
      return false;
    }
    table.count(entry);
    if (failed) {
      table.add(entry, FAILED, 1);
    }
    return true;
  }

  private void observe(int entry, int histogram, long nanos) {
    table.observe(entry, histogram, nanos, bounds.bucketOf(nanos));
  }

  /**
   * What became of half edges. Half edges = 2 × paired + single + virtual + unpaired + those that
   * still wait.
   */
  public static final class EdgeCounts {
    private long halves;
    private long paired;
    private long single;
    private long virtual;
    private long invalid;
    private final Map<String, Long> unpaired = new TreeMap<>();

    void half() {
      halves++;
    }

    void unpaired(String reason) {
      unpaired.merge(reason, 1L, Long::sum);
    }

    /** Sides of calls that were seen. */
    public long halves() {
      return halves;
    }

    /** Edges of two halves. */
    public long paired() {
      return paired;
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

    /** Half edges that came to nothing, by reason. */
    public Map<String, Long> unpaired() {
      return unpaired;
    }

    /** Whether nothing happened. */
    public boolean isEmpty() {
      return halves + paired + single + virtual + invalid == 0 && unpaired.isEmpty();
    }
  }
}
