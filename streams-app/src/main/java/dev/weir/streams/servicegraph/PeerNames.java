package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.PerResource;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.series.ValueRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who is at the two ends of a call, by the attributes of one side: the service itself; the peer for
 * a virtual node; the database, if it is a database call. The rules are Tempo's: a resource
 * attribute is taken before a span attribute, except for peers, which are span attributes. Not
 * thread-safe.
 */
public final class PeerNames {
  /** Attributes that name the peer for a virtual node, unless settings give others. */
  public static final List<String> DEFAULT_PEER_ATTRIBUTES =
      List.of("peer.service", "db.name", "db.system", "db.system.name");

  /** Attributes by which a call is known to go to a database. */
  static final List<String> DATABASE_ATTRIBUTES =
      List.of("db.namespace", "db.name", "db.system", "db.system.name");

  private static final String SERVICE_NAME = "service.name";
  private static final String PEER_SERVICE = "peer.service";
  private static final String SERVER_ADDRESS = "server.address";
  private static final String PEER_ADDRESS = "network.peer.address";
  private static final String PEER_PORT = "network.peer.port";

  private final int serviceName;
  private final int[] peers;
  private final int[] databases;
  private final int peerService;
  private final int serverAddress;
  private final int peerAddress;
  private final int peerPort;
  private final int[] dimensions;
  private final byte[][] dimensionNames;
  private final GraphNodes nodes;

  private final AttributeValues ofSpan;
  private final PerResource<OfResource> resources;
  private OfResource ofResource;
  private final AnyValueText text;
  private final boolean emptyHides;
  private final ByteWriter service = new ByteWriter(64);
  private final ByteWriter peer = new ByteWriter(64);
  private boolean database;

  /**
   * @param peerAttributes attributes that name the peer, the first one present counts
   * @param dimensions attributes that become labels of edges
   * @param rules how
   * @param nodes where resources become nodes
   */
  public PeerNames(
      List<String> peerAttributes, List<String> dimensions, ValueRules rules, GraphNodes nodes) {
    this.nodes = nodes;
    this.text = new AnyValueText(rules.jsonLists());
    this.emptyHides = rules.emptyHides();
    List<String> all = keys(peerAttributes, dimensions);
    AttributeKeys keys = new AttributeKeys(all);
    this.serviceName = all.indexOf(SERVICE_NAME);
    this.peers = peerAttributes.stream().mapToInt(all::indexOf).toArray();
    this.databases = DATABASE_ATTRIBUTES.stream().mapToInt(all::indexOf).toArray();
    this.peerService = all.indexOf(PEER_SERVICE);
    this.serverAddress = all.indexOf(SERVER_ADDRESS);
    this.peerAddress = all.indexOf(PEER_ADDRESS);
    this.peerPort = all.indexOf(PEER_PORT);
    this.dimensions = dimensions.stream().mapToInt(all::indexOf).toArray();
    this.dimensionNames =
        dimensions.stream()
            .map(dimension -> dimension.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    this.ofSpan = new AttributeValues(keys);
    this.ofResource = new OfResource(keys, dimensions.size());
    this.resources = new PerResource<>(() -> new OfResource(keys, dimensions.size()), this::find);
  }

  /** What a resource says. */
  private static final class OfResource {
    private final AttributeValues values;
    private final ByteWriter node = new ByteWriter(128);
    private int number;
    private int generation;

    /** Whether it does not matter what spans say of a dimension. */
    private final boolean[] hasDimension;

    private boolean hasAllDimensions;

    OfResource(AttributeKeys keys, int dimensions) {
      hasDimension = new boolean[dimensions];
      values = new AttributeValues(keys);
    }
  }

  private static List<String> keys(List<String> peerAttributes, List<String> dimensions) {
    Set<String> keys =
        new LinkedHashSet<>(
            List.of(SERVICE_NAME, PEER_SERVICE, SERVER_ADDRESS, PEER_ADDRESS, PEER_PORT));
    keys.addAll(peerAttributes);
    keys.addAll(DATABASE_ATTRIBUTES);
    keys.addAll(dimensions);
    return new ArrayList<>(keys);
  }

  /**
   * The resource of the spans that follow; says whether it names a service, be it by an empty name.
   */
  boolean resource(ResourceView resource) throws MalformedOtlpException {
    ofResource = resources.of(resource);
    return ofResource.values.isPresent(serviceName);
  }

  private void find(ResourceView resource, OfResource into) throws MalformedOtlpException {
    AttributeValues values = into.values;
    resource.findAttributes(values);
    service.truncate(0);
    if (values.isPresent(serviceName)) {
      append(service, values, serviceName);
    }
    GraphNode.begin(into.node.truncate(0), service.bytes(), 0, service.length());
    into.hasAllDimensions = true;
    for (int i = 0; i < dimensions.length; i++) {
      into.hasDimension[i] = wroteOrHid(into.node, values, i);
      into.hasAllDimensions &= into.hasDimension[i];
    }
    findNumber(into);
  }

  private void findNumber(OfResource of) {
    of.number = nodes.number(of.node.bytes(), 0, of.node.length());
    of.generation = nodes.generation();
  }

  /** Whether the resource leaves nothing to spans to say of a dimension. */
  private boolean wroteOrHid(ByteWriter half, AttributeValues values, int dimension)
      throws MalformedOtlpException {
    return writeDimension(half, values, dimension)
        || (emptyHides && values.isPresent(dimensions[dimension]));
  }

  /** A span of that resource. */
  void span(SpanView span, boolean clientSide) throws MalformedOtlpException {
    span.findAttributes(ofSpan);
    peer.truncate(0);
    int databaseKey = clientSide ? firstPresent(databases) : -1;
    database = databaseKey >= 0;
    if (database) {
      appendDatabase(databaseKey);
    }
    if (peer.length() == 0) {
      database = false;
      appendPeer();
    }
  }

  private void appendPeer() throws MalformedOtlpException {
    for (int key : peers) {
      if (ofSpan.isPresent(key)) {
        append(peer, ofSpan, key);
        return;
      }
    }
  }

  private void appendDatabase(int databaseKey) throws MalformedOtlpException {
    if (isPresent(peerService)) {
      append(peer, source(peerService), peerService);
    } else if (isPresent(serverAddress)) {
      append(peer, source(serverAddress), serverAddress);
    } else if (isPresent(peerAddress)) {
      append(peer, source(peerAddress), peerAddress);
      if (isPresent(peerPort)) {
        peer.u8(':');
        append(peer, source(peerPort), peerPort);
      }
    } else {
      append(peer, source(databaseKey), databaseKey);
    }
  }

  /** Whether the span is a call to a database whose name is known. */
  boolean isDatabase() {
    return database;
  }

  /** Writes peer (or database), node and dimensions of the span as {@link HalfEdge} has them. */
  void writeTo(ByteWriter half) throws MalformedOtlpException {
    if (ofResource.generation != nodes.generation()) {
      findNumber(ofResource);
    }
    half.prefixed(peer.bytes(), 0, peer.length()).uvarint(ofResource.number);
    if (!ofResource.hasAllDimensions) {
      for (int i = 0; i < dimensions.length; i++) {
        if (!ofResource.hasDimension[i]) {
          writeDimension(half, ofSpan, i);
        }
      }
    }
  }

  /** Writes that there is nothing of them. */
  void writeNoneTo(ByteWriter half) {
    half.u8(0).uvarint(GraphNodes.NONE);
  }

  /** Whether there is a value. */
  private boolean writeDimension(ByteWriter half, AttributeValues from, int dimension)
      throws MalformedOtlpException {
    int key = dimensions[dimension];
    if (!from.isPresent(key)) {
      return false;
    }
    text.render(from.buffer(), from.offset(key), from.length(key));
    if (text.length() > 0) {
      GraphNode.dimension(
          half, dimensionNames[dimension], text.buffer(), text.offset(), text.length());
    }
    return text.length() > 0;
  }

  private int firstPresent(int[] candidates) {
    for (int key : candidates) {
      if (isPresent(key)) {
        return key;
      }
    }
    return -1;
  }

  private boolean isPresent(int key) {
    return ofResource.values.isPresent(key) || ofSpan.isPresent(key);
  }

  private AttributeValues source(int key) {
    return ofResource.values.isPresent(key) ? ofResource.values : ofSpan;
  }

  private void append(ByteWriter to, AttributeValues from, int key) throws MalformedOtlpException {
    text.render(from.buffer(), from.offset(key), from.length(key));
    to.raw(text.buffer(), text.offset(), text.length());
  }
}
