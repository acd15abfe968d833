package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;

/**
 * What the resource of a span tells of one side of an edge: a node of the service graph. Immutable.
 *
 * <p>Layout: the service behind its length; then for each dimension that the resource has a value
 * of, the attribute and the value, each behind its length. So it says itself which dimensions were
 * asked for when it came, and may meet others.
 */
final class GraphNode {
  /** A side of which nothing is known but that it is there. */
  static final GraphNode NONE = new GraphNode(new byte[] {0});

  private final byte[] bytes;
  private final int serviceOffset;
  private final int serviceLength;

  /**
   * @param bytes its layout; kept
   */
  GraphNode(byte[] bytes) {
    this.bytes = bytes;
    ByteReader reader = new ByteReader().reset(bytes);
    this.serviceLength = reader.uvarint31();
    this.serviceOffset = reader.skip(serviceLength);
  }

  /** Begins the layout; dimensions follow by {@link #dimension}. */
  static ByteWriter begin(ByteWriter to, byte[] service, int offset, int length) {
    return to.prefixed(service, offset, length);
  }

  /** Adds a dimension, to a node or to what a half edge has of its own. */
  static void dimension(ByteWriter to, byte[] attribute, byte[] value, int offset, int length) {
    to.prefixed(attribute).prefixed(value, offset, length);
  }

  /** Its layout; not to be written to. */
  byte[] bytes() {
    return bytes;
  }

  int serviceOffset() {
    return serviceOffset;
  }

  /** Bytes of the service's name; 0 if it has none. */
  int serviceLength() {
    return serviceLength;
  }

  /** Puts a reader before the dimensions. */
  ByteReader dimensions(ByteReader into) {
    int offset = serviceOffset + serviceLength;
    return into.reset(bytes, offset, bytes.length - offset);
  }
}
