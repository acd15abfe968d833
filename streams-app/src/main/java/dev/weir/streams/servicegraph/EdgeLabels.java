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
import org.jspecify.annotations.Nullable;

/**
 * The labels of edges. The values of an edge are written down as a key first, by which its series
 * is found; labels are made of the key only if there is none. Reused from edge to edge; not
 * thread-safe.
 *
 * <p>Layout of a key: type of the edge; then each behind its length: client, server, and a value
 * for each label that comes of a dimension.
 */
final class EdgeLabels {
  private static final int CLIENT = 0;
  private static final int SERVER = 1;
  private static final int FIRST_DIMENSION = 2;
  private static final int CONNECTION_TYPE = -1;
  private static final int VIRTUAL_NODE = -2;
  private static final byte[] NOTHING = new byte[0];

  private final int dimensions;
  private final boolean prefixed;
  private final boolean lastDecides;
  private final byte[][] attributes;
  private final byte[][] names;
  private final int[] values;
  private final int[] offsets;
  private final int[] lengths;
  private final LabelsWriter labels;
  private final ByteWriter key = new ByteWriter(128);
  private final ByteReader reader = new ByteReader();
  private final Values ofClient;
  private final Values ofServer;

  /** A label, and which value of the key is its. */
  private record Label(String name, int value) {}

  EdgeLabels(EdgeSettings settings, LabelRules rules, ValueRewriter rewriter) {
    this.dimensions = settings.dimensions().size();
    this.prefixed = settings.clientServerPrefix();
    this.lastDecides = settings.lastDimensionDecides();
    this.attributes =
        settings.dimensions().stream()
            .map(attribute -> attribute.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    this.ofClient = new Values();
    this.ofServer = new Values();
    List<Label> byName = byName(settings, rules);
    this.names =
        byName.stream()
            .map(label -> label.name().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    this.values = byName.stream().mapToInt(Label::value).toArray();
    this.offsets = new int[FIRST_DIMENSION + 2 * dimensions];
    this.lengths = new int[offsets.length];
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

  /** Begins with an edge's type and client. */
  EdgeLabels begin(ConnectionType type, byte[] client, int offset, int length) {
    key.truncate(0).u8(type.code()).prefixed(client, offset, length);
    return this;
  }

  EdgeLabels begin(ConnectionType type, GraphNode client) {
    return begin(type, client.bytes(), client.serviceOffset(), client.serviceLength());
  }

  EdgeLabels server(GraphNode server) {
    return server(server.bytes(), server.serviceOffset(), server.serviceLength());
  }

  EdgeLabels server(byte[] server, int offset, int length) {
    key.prefixed(server, offset, length);
    return this;
  }

  /** The dimensions of the two sides, as far as they were seen. */
  EdgeLabels sides(@Nullable HalfEdge client, @Nullable HalfEdge server) {
    if (dimensions > 0) {
      ofClient.of(client);
      ofServer.of(server);
      if (prefixed) {
        for (int i = 0; i < dimensions; i++) {
          ofClient.write(i);
        }
        for (int i = 0; i < dimensions; i++) {
          ofServer.write(i);
        }
      } else {
        writeOnePerDimension();
      }
    }
    return this;
  }

  private void writeOnePerDimension() {
    for (int i = 0; i < dimensions; i++) {
      (ofServer.lengths[i] > 0 ? ofServer : ofClient).write(i);
    }
  }

  /** What tells edges apart. */
  ByteWriter key() {
    return key;
  }

  /** The labels of the edge whose key was written last. */
  LabelsWriter labels() {
    reader.reset(key.bytes(), 0, key.length());
    ConnectionType type = ConnectionType.of(reader.u8());
    for (int value = 0; reader.hasMore(); value++) {
      lengths[value] = reader.uvarint31();
      offsets[value] = reader.skip(lengths[value]);
    }
    labels.begin();
    for (int i = 0; i < names.length; i++) {
      if (!isHidden(i)) {
        add(names[i], values[i], type);
      }
    }
    return labels;
  }

  /** Of labels with the same name the last one counts, or the last one that has a value. */
  private boolean isHidden(int label) {
    int next = label + 1;
    return next < names.length
        && Arrays.equals(names[next], names[label])
        && (lastDecides || lengths[values[next]] > 0 || isHidden(next));
  }

  private void add(byte[] name, int value, ConnectionType type) {
    switch (value) {
      case CONNECTION_TYPE -> labels.label(name, type.label());
      case VIRTUAL_NODE -> labels.label(name, type.virtualNode());
      default -> labels.label(name, key.bytes(), offsets[value], lengths[value]);
    }
  }

  /** The dimensions of one side; all are empty if it was not seen. */
  private final class Values {
    private final ByteReader reader = new ByteReader();
    private final byte[][] bytes = new byte[dimensions][];
    private final int[] offsets = new int[dimensions];
    private final int[] lengths = new int[dimensions];

    Values() {
      Arrays.fill(bytes, NOTHING);
    }

    void of(@Nullable HalfEdge half) {
      Arrays.fill(offsets, 0);
      Arrays.fill(lengths, 0);
      if (half != null) {
        find(half.node().dimensions(reader));
        find(half.dimensions(reader));
      }
    }

    private void find(ByteReader reader) {
      int expected = 0;
      while (reader.hasMore()) {
        int nameLength = reader.uvarint31();
        int found = indexOf(reader.skip(nameLength), nameLength, expected);
        int length = reader.uvarint31();
        int offset = reader.skip(length);
        if (found < dimensions) { // it came when other dimensions were asked for, too
          bytes[found] = reader.bytes();
          offsets[found] = offset;
          lengths[found] = length;
          expected = found + 1;
        }
      }
    }

    /** Where an attribute stands among the dimensions, mostly right where it is expected. */
    private int indexOf(int offset, int length, int expected) {
      for (int i = expected; i < dimensions; i++) {
        if (isAttribute(i, offset, length)) {
          return i;
        }
      }
      int first = 0;
      while (first < expected && !isAttribute(first, offset, length)) {
        first++;
      }
      return first < expected ? first : dimensions;
    }

    private boolean isAttribute(int index, int offset, int length) {
      return Arrays.equals(
          attributes[index], 0, attributes[index].length, reader.bytes(), offset, offset + length);
    }

    void write(int index) {
      key.prefixed(bytes[index], offsets[index], lengths[index]);
    }
  }
}
