package dev.weir.allinone.demo;

import java.util.Comparator;

/**
 * Who calls whom, as labels of the service graph.
 *
 * @param connectionType empty for a plain call between two services
 */
record Edge(String client, String server, String connectionType) implements Comparable<Edge> {
  static final String DATABASE = "database";
  static final String MESSAGING_SYSTEM = "messaging_system";
  static final String VIRTUAL_NODE = "virtual_node";

  private static final Comparator<Edge> ORDER =
      Comparator.comparing(Edge::client)
          .thenComparing(Edge::server)
          .thenComparing(Edge::connectionType);

  @Override
  public int compareTo(Edge other) {
    return ORDER.compare(this, other);
  }
}
