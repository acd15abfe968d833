package dev.weir.streams.servicegraph;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.series.SpanIds;

/**
 * One side of a call between services, as offsets into its bytes: reused for one after the other.
 *
 * <p>Layout: kind of the span; flags; duration in nanoseconds, 8 bytes; end of the span on the
 * client side, start on the server side, Unix nanoseconds, 8 bytes; if the flags say so, the bits
 * of its weight, 8 bytes; then behind their lengths: tenant, trace id and id of the client's span,
 * which together are the key that both sides share; peer, which is the name of the other side as
 * far as this side knows it; then the number of its {@link GraphNode}, and for each dimension that
 * the span has a value of and not the node, the attribute and the value, each behind its length.
 */
final class HalfEdge {
  static final int SERVER = 2;
  static final int CLIENT = 3;
  static final int PRODUCER = 4;
  static final int CONSUMER = 5;

  static final int FAILED = 1;

  /** A server side without a parent: the call came from outside. */
  static final int ROOT = 2;

  /** A client side that calls a database by its attributes; the peer is the database's name. */
  static final int DATABASE = 4;

  /** A client side that was paired and waits for more servers. */
  static final int ANSWERED = 8;

  /** A side whose other side was rejected by the filter. */
  static final int FILTERED_COUNTERPART = 16;

  /** Only says that a side of this kind and key was rejected by the filter; it has no service. */
  static final int MARKER = 32;

  /** A server side that names its client's span by a link, not as its parent. */
  static final int LINK = 64;

  /** A span that something tells the weight of. */
  static final int WEIGHTED = 128;

  /** Where the flags stand. */
  static final int FLAGS_OFFSET = 1;

  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final GraphNodes nodes;
  private final ByteReader reader = new ByteReader();
  private byte[] bytes = new byte[0];
  private int offset;
  private int length;
  private int kind;
  private int flags;
  private long nanos;
  private long edgeTimeUnixNanos;
  private double weight;
  private int keyOffset;
  private int keyLength;
  private int traceKeyLength;
  private boolean isHashed;
  private long keyHash;
  private int tenantOffset;
  private int tenantLength;
  private int traceOffset;
  private int traceLength;
  private int spanOffset;
  private int spanLength;
  private int peerOffset;
  private int peerLength;
  private int nodeOffset;
  private int nodeNumber;
  private int dimensionsOffset;

  /**
   * @param nodes those that numbers of nodes refer to
   */
  HalfEdge(GraphNodes nodes) {
    this.nodes = nodes;
  }

  /** Whether a span of this kind is a side of an edge. */
  static boolean isSide(int kind) {
    return kind >= SERVER && kind <= CONSUMER;
  }

  /** Whether a span of this kind is the calling side. */
  static boolean isClientSide(int kind) {
    return kind == CLIENT || kind == PRODUCER;
  }

  /**
   * Begins the layout; the weight follows if there is one, then key and peer by {@link
   * ByteWriter#prefixed}, the node's number, and dimensions.
   */
  static ByteWriter begin(ByteWriter to, int kind, int flags, long nanos, long edgeTimeUnixNanos) {
    return to.u8(kind).u8(flags).fixed64(nanos).fixed64(edgeTimeUnixNanos);
  }

  /** Shows the half edge that stands there, whose key has that hash. */
  HalfEdge at(byte[] bytes, int offset, int length, long keyHash) {
    at(bytes, offset, length);
    this.keyHash = keyHash;
    this.isHashed = true;
    return this;
  }

  /** Shows the half edge that stands there. */
  HalfEdge at(byte[] bytes, int offset, int length) {
    atKey(bytes, offset, length);
    peerLength = reader.uvarint31();
    peerOffset = reader.skip(peerLength);
    nodeOffset = reader.position();
    nodeNumber = reader.uvarint31();
    dimensionsOffset = reader.position();
    return this;
  }

  /** Shows no more of it than what stands up to the key; returns where the key ends. */
  int atKey(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.isHashed = false;
    reader.reset(bytes, offset, length);
    kind = reader.u8();
    flags = reader.u8();
    nanos = reader.fixed64();
    edgeTimeUnixNanos = reader.fixed64();
    weight = has(WEIGHTED) ? Double.longBitsToDouble(reader.fixed64()) : 0;
    keyOffset = reader.position();
    tenantLength = reader.uvarint31();
    tenantOffset = reader.skip(tenantLength);
    traceLength = reader.uvarint31();
    traceOffset = reader.skip(traceLength);
    traceKeyLength = reader.position() - keyOffset;
    spanLength = reader.uvarint31();
    spanOffset = reader.skip(spanLength);
    keyLength = reader.position() - keyOffset;
    return reader.position();
  }

  byte[] bytes() {
    return bytes;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  int kind() {
    return kind;
  }

  boolean isClientSide() {
    return isClientSide(kind);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether nothing becomes of it when it expires. */
  boolean isSilent() {
    return isSilent(flags);
  }

  static boolean isSilent(int flags) {
    return (flags & (ANSWERED | MARKER)) != 0;
  }

  /**
   * Whether one with such flags only answers for others, or is an edge in any case: it takes no
   * room from those that come to nothing without their other half.
   */
  static boolean isApart(int flags) {
    return (flags & (ANSWERED | MARKER | DATABASE)) != 0;
  }

  boolean isApart() {
    return isApart(flags);
  }

  /** Whether it calls a database, which makes an edge even if the database says nothing. */
  boolean callsDatabase() {
    return has(DATABASE) && isNamed();
  }

  /** Whether its service has a name. */
  boolean isNamed() {
    return node().serviceLength() > 0;
  }

  /** Duration of the span, unsigned. */
  long nanos() {
    return nanos;
  }

  /** When the client's span ended, or the server's began. */
  long edgeTimeUnixNanos() {
    return edgeTimeUnixNanos;
  }

  /** The trace, the client's span, and the end of this side's span. */
  SpanIds ids(SpanIds into) {
    return into.set(
        bytes,
        traceOffset,
        traceLength,
        spanOffset,
        spanLength,
        isClientSide() ? edgeTimeUnixNanos : edgeTimeUnixNanos + nanos);
  }

  /** How many calls it stands for; 0 if nothing tells it. */
  double weight() {
    return weight;
  }

  int keyOffset() {
    return keyOffset;
  }

  int keyLength() {
    return keyLength;
  }

  /** The hash of its key. */
  long keyHash() {
    if (!isHashed) {
      keyHash = keyHash(bytes, keyOffset, keyLength);
      isHashed = true;
    }
    return keyHash;
  }

  /** The hash of the key that stands there. */
  static long keyHash(byte[] bytes, int offset, int length) {
    return HASHER.hashBytesToLong(bytes, offset, length);
  }

  /** Bytes of the key without the id of the client's span. */
  int traceKeyLength() {
    return traceKeyLength;
  }

  int tenantOffset() {
    return tenantOffset;
  }

  int tenantLength() {
    return tenantLength;
  }

  int nodeNumber() {
    return nodeNumber;
  }

  GraphNode node() {
    return nodes.get(nodeNumber);
  }

  int peerOffset() {
    return peerOffset;
  }

  int peerLength() {
    return peerLength;
  }

  /** Writes the dimensions that it has beside its node's, behind their length. */
  void writeDimensionsTo(ByteWriter to) {
    to.prefixed(bytes, dimensionsOffset, offset + length - dimensionsOffset);
  }

  /** Writes its bytes behind their length, with its node's place in a list for the number. */
  void writeTo(ByteWriter to, NodeList list) {
    int place = list.place(nodeNumber);
    writeTo(to.uvarint(lengthWith(place)), place);
  }

  private int lengthWith(int node) {
    int ofNode = (Integer.SIZE - Integer.numberOfLeadingZeros(node | 1) + 6) / 7;
    return length - (dimensionsOffset - nodeOffset) + ofNode;
  }

  /** Writes its bytes with another number in place of its node's. */
  void writeTo(ByteWriter to, int node) {
    to.raw(bytes, offset, nodeOffset - offset)
        .uvarint(node)
        .raw(bytes, dimensionsOffset, offset + length - dimensionsOffset);
  }
}
