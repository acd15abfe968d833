package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes half edges of batches and bundles, of this version and earlier ones, such as a graph takes.
 * Not thread-safe.
 */
final class HalfEdgeReader {

  /** What stands before half edges, and what of a half edge stands behind its key. */
  enum Form {
    /** Nothing; service, peer. */
    WITHOUT_DIMENSIONS,
    /** The number of dimensions and each attribute; service, peer, each dimension's value. */
    VALUES_ONLY,
    /** Nothing; service, peer, attribute and value of each dimension that it has. */
    IN_FULL,
    /** A {@link NodeList}; as {@link HalfEdge} has it, with places of that list. */
    WITH_NODES
  }

  private final GraphNodes nodes;
  private final HalfEdge persisted;
  private final HalfEdge adopted;
  private final List<byte[]> dimensions = new ArrayList<>();
  private final ByteReader rest = new ByteReader();
  private final ByteWriter node = new ByteWriter(256);
  private final ByteWriter bytes = new ByteWriter(256);
  private Form form = Form.WITHOUT_DIMENSIONS;
  private byte[][] listed = new byte[0][];
  private int[] numbers = new int[0];
  private int generation;

  /**
   * @param nodes those of the graph that takes the half edges
   */
  HalfEdgeReader(GraphNodes nodes) {
    this.nodes = nodes;
    this.persisted = new HalfEdge(nodes);
    this.adopted = new HalfEdge(nodes);
  }

  /** Reads what stands before the half edges. */
  HalfEdgeReader begin(Form form, ByteReader reader) {
    this.form = form;
    dimensions.clear();
    if (form == Form.VALUES_ONLY) {
      int count = reader.uvarint31();
      for (int i = 0; i < count; i++) {
        dimensions.add(reader.prefixed());
      }
    } else if (form == Form.WITH_NODES) {
      readNodes(reader);
    }
    return this;
  }

  private void readNodes(ByteReader reader) {
    int count = reader.uvarint31();
    listed = new byte[count + 1][];
    numbers = new int[count + 1];
    listed[0] = GraphNode.NONE.bytes();
    for (int place = 1; place <= count; place++) {
      listed[place] = reader.prefixed();
    }
    findNumbers();
  }

  private void findNumbers() {
    for (int place = 0; place < listed.length; place++) {
      numbers[place] = nodes.number(listed[place], 0, listed[place].length);
    }
    generation = nodes.generation();
  }

  /** The half edge that stands there; valid until the next call. */
  HalfEdge read(byte[] buffer, int offset, int length) {
    bytes.truncate(0);
    if (form == Form.WITH_NODES) {
      if (generation != nodes.generation()) {
        findNumbers();
      }
      persisted.at(buffer, offset, length);
      persisted.writeTo(bytes, number(persisted.nodeNumber()));
    } else {
      adopt(buffer, offset, length);
    }
    return adopted.at(bytes.bytes(), 0, bytes.length());
  }

  private int number(int place) {
    if (place >= numbers.length) {
      throw new CorruptLayoutException(
          "node %d of a half edge, there are %d".formatted(place, numbers.length - 1));
    }
    return numbers[place];
  }

  private void adopt(byte[] buffer, int offset, int length) {
    int keyEnd = persisted.atKey(buffer, offset, length);
    rest.reset(buffer, keyEnd, offset + length - keyEnd);
    int serviceLength = rest.uvarint31();
    GraphNode.begin(node.truncate(0), buffer, rest.skip(serviceLength), serviceLength);
    int peerLength = rest.uvarint31();
    bytes.raw(buffer, offset, keyEnd - offset);
    bytes.prefixed(buffer, rest.skip(peerLength), peerLength);
    readDimensions(offset + length);
    bytes.uvarint(nodes.number(node.bytes(), 0, node.length()));
  }

  private void readDimensions(int end) {
    if (form == Form.IN_FULL) {
      node.raw(rest.bytes(), rest.position(), end - rest.position());
      return;
    }
    for (byte[] dimension : dimensions) {
      int length = rest.uvarint31();
      int offset = rest.skip(length);
      if (length > 0) {
        GraphNode.dimension(node, dimension, rest.bytes(), offset, length);
      }
    }
  }
}
