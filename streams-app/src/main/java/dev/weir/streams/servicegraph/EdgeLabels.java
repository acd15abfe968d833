package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.ValueRewriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The labels of edges. The values of an edge are written down as a key first, by which its series
 * is found; labels are made of the key only if there is none. Reused from edge to edge; not
 * thread-safe.
 *
 * <p>Layout of a key: type of the edge; then for client and server: 0 and the name, if the side was
 * not seen; else the number of its node + 1, and the dimensions that the half edge has beside it.
 * Name and dimensions stand behind their length. A key means the same as long as numbers of nodes
 * do. Two keys may have the same labels.
 */
final class EdgeLabels {
  private static final int CLIENT = 0;
  private static final int SERVER = 1;
  private static final int FIRST_DIMENSION = 2;
  private static final int CONNECTION_TYPE = -1;
  private static final int VIRTUAL_NODE = -2;
  private static final int UNSEEN = 0;
  private static final byte[] NOTHING = new byte[0];

  private final GraphNodes nodes;
  private final int dimensions;
  private final boolean prefixed;
  private final boolean lastDecides;
  private final byte[][] attributes;
  private final byte[][] names;
  private final int[] values;
  private final byte[][] bytes;
  private final int[] offsets;
  private final int[] lengths;
  private final LabelsWriter labels;
  private final ByteWriter key = new ByteWriter(128);
  private final ByteReader reader = new ByteReader();
  private final ByteReader ofSide = new ByteReader();

  /** A label, and which value of the key is its. */
  private record Label(String name, int value) {}

  /**
   * @param nodes those of the sides that were seen
   */
  EdgeLabels(EdgeSettings settings, LabelRules rules, ValueRewriter rewriter, GraphNodes nodes) {
    this.nodes = nodes;
    this.dimensions = settings.dimensions().size();
    this.prefixed = settings.clientServerPrefix();
    this.lastDecides = settings.lastDimensionDecides();
    this.attributes =
        settings.dimensions().stream()
            .map(attribute -> attribute.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    List<Label> byName = byName(settings, rules);
    this.names =
        byName.stream()
            .map(label -> label.name().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    this.values = byName.stream().mapToInt(Label::value).toArray();
    this.bytes = new byte[FIRST_DIMENSION + 2 * dimensions][];
    this.offsets = new int[bytes.length];
    this.lengths = new int[bytes.length];
    this.labels = new LabelsWriter(rules, rewriter);
  }

  private static List<Label> byName(EdgeSettings settings, LabelRules rules) {
    List<Label> all = new ArrayList<>();
    all.add(new Label("client", CLIENT));
    all.add(new Label("connection_type", CONNECTION_TYPE));
    all.add(new Label("server", SERVER));
    if (settings.virtualNodeLabel()) {
      all.add(new Label("virtual_node", VIRTUAL_NODE));
    }
    List<String> prefixes =
        settings.clientServerPrefix() ? List.of("client_", "server_") : List.of("");
    int value = FIRST_DIMENSION;
    for (String prefix : prefixes) {
      for (String name : settings.labelNames()) {
        all.add(new Label(rules.cut(prefix + name), value++));
      }
    }
    all.sort(Comparator.comparing(Label::name)); // which leaves those of one name in order
    return List.copyOf(all);
  }

  /** Begins with an edge's type; client and server follow, by one of the next two methods each. */
  EdgeLabels begin(ConnectionType type) {
    key.truncate(0).u8(type.code());
    return this;
  }

  /** A side that was seen. */
  EdgeLabels side(HalfEdge half) {
    key.uvarint(half.nodeNumber() + 1L);
    half.writeDimensionsTo(key);
    return this;
  }

  /** A side that was not seen and has nothing but a name. */
  EdgeLabels name(byte[] name, int offset, int length) {
    key.u8(UNSEEN).prefixed(name, offset, length);
    return this;
  }

  /** What tells edges apart. */
  ByteWriter key() {
    return key;
  }

  /** The labels of the edge whose key was written last. */
  LabelsWriter labels() {
    reader.reset(key.bytes(), 0, key.length());
    ConnectionType type = ConnectionType.of(reader.u8());
    readSide(CLIENT, FIRST_DIMENSION);
    readSide(SERVER, FIRST_DIMENSION + dimensions);
    if (!prefixed) {
      preferServer();
    }
    labels.begin();
    for (int i = 0; i < names.length; i++) {
      if (!isHidden(i)) {
        add(names[i], values[i], type);
      }
    }
    return labels;
  }

  /** Reads on in the key; the dimensions of a side that was not seen are empty. */
  private void readSide(int name, int firstDimension) {
    for (int i = 0; i < dimensions; i++) {
      put(firstDimension + i, NOTHING, 0, 0);
    }
    int tag = reader.uvarint31();
    int length = reader.uvarint31();
    int offset = reader.skip(length);
    if (tag == UNSEEN) {
      put(name, key.bytes(), offset, length);
    } else {
      GraphNode node = nodes.get(tag - 1);
      put(name, node.bytes(), node.serviceOffset(), node.serviceLength());
      readDimensions(node.dimensions(ofSide), firstDimension);
      readDimensions(ofSide.reset(key.bytes(), offset, length), firstDimension);
    }
  }

  private void readDimensions(ByteReader side, int firstDimension) {
    int expected = 0;
    while (side.hasMore()) {
      int nameLength = side.uvarint31();
      int found = indexOf(side.bytes(), side.skip(nameLength), nameLength, expected);
      int length = side.uvarint31();
      int offset = side.skip(length);
      if (found < dimensions) { // it came when other dimensions were asked for, too
        put(firstDimension + found, side.bytes(), offset, length);
        expected = found + 1;
      }
    }
  }

  /** Where an attribute stands among the dimensions, mostly right where it is expected. */
  private int indexOf(byte[] in, int offset, int length, int expected) {
    for (int i = expected; i < dimensions; i++) {
      if (isAttribute(i, in, offset, length)) {
        return i;
      }
    }
    int first = 0;
    while (first < expected && !isAttribute(first, in, offset, length)) {
      first++;
    }
    return first < expected ? first : dimensions;
  }

  private boolean isAttribute(int index, byte[] in, int offset, int length) {
    return Arrays.equals(
        attributes[index], 0, attributes[index].length, in, offset, offset + length);
  }

  /** The one value of a dimension is the server's unless that is empty. */
  private void preferServer() {
    for (int i = FIRST_DIMENSION; i < FIRST_DIMENSION + dimensions; i++) {
      int ofServer = i + dimensions;
      if (lengths[ofServer] > 0) {
        put(i, bytes[ofServer], offsets[ofServer], lengths[ofServer]);
      }
    }
  }

  /** Of labels with the same name the last one counts, or the last one that has a value. */
  private boolean isHidden(int label) {
    int next = label + 1;
    return next < names.length
        && Arrays.equals(names[next], names[label])
        && (lastDecides || lengths[values[next]] > 0 || isHidden(next));
  }

  private void put(int value, byte[] in, int offset, int length) {
    bytes[value] = in;
    offsets[value] = offset;
    lengths[value] = length;
  }

  private void add(byte[] name, int value, ConnectionType type) {
    switch (value) {
      case CONNECTION_TYPE -> labels.label(name, type.label());
      case VIRTUAL_NODE -> labels.label(name, type.virtualNode());
      default -> labels.label(name, bytes[value], offsets[value], lengths[value]);
    }
  }
}
