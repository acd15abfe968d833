package dev.weir.streams.servicegraph;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is told of an edge beyond its two services.
 *
 * @param dimensions attributes that become labels, a resource's before a span's; of several that
 *     are called the same as labels the last one that the edge has decides
 * @param clientServerPrefix whether each side has labels of its own, {@code client_} and {@code
 *     server_} before the name; else there is one label per dimension, with the server side's value
 *     unless that is empty, and the client side's then, whichever side came first
 * @param virtualNodeLabel whether the label {@code virtual_node} says which side of an edge was not
 *     seen
 * @param requests whether requests and their latency are counted
 * @param messagingLatency whether the time from the end of sending to the begin of receiving is
 *     observed with them
 * @param connectionInfo whether there is a gauge that says that an edge is there
 * @param zeroForUnseenSide whether, as in Tempo, a virtual node observes a latency of 0
 * @param lastDimensionDecides whether, as in Tempo, of several dimensions that are called the same
 *     as labels the last one decides even if the edge does not have it
 */
public record EdgeSettings(
    List<String> dimensions,
    boolean clientServerPrefix,
    boolean virtualNodeLabel,
    boolean requests,
    boolean messagingLatency,
    boolean connectionInfo,
    boolean zeroForUnseenSide,
    boolean lastDimensionDecides) {

  /** Requests and their latency, by nothing beyond the two services. */
  public static final EdgeSettings PLAIN =
      new EdgeSettings(List.of(), false, false, true, false, false);

  private static final Pattern NOT_OF_A_NAME = Pattern.compile("[^a-zA-Z0-9_]");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Set<String> TAKEN =
      Set.of("client", "server", "connection_type", "virtual_node");
  private static final Set<String> OF_METRICS = Set.of("le", "__name__");

  /**
   * Checks the dimensions.
   *
   * @throws IllegalArgumentException if one makes no label, or one that metrics have
   */
  public EdgeSettings {
    dimensions = List.copyOf(dimensions);
    if (!clientServerPrefix) {
      dimensions.forEach(EdgeSettings::requireLabel);
    }
  }

  /** Those of which a side that was not seen observes nothing. */
  public EdgeSettings(
      List<String> dimensions,
      boolean clientServerPrefix,
      boolean virtualNodeLabel,
      boolean requests,
      boolean messagingLatency,
      boolean connectionInfo) {
    this(
        dimensions,
        clientServerPrefix,
        virtualNodeLabel,
        requests,
        messagingLatency,
        connectionInfo,
        false,
        false);
  }

  private static void requireLabel(String dimension) {
    String name = label(dimension, false);
    require(NAME.matcher(name).matches(), dimension, "which is no label name", name);
    require(!OF_METRICS.contains(name), dimension, "which metrics have already", name);
  }

  private static void require(boolean fulfilled, String dimension, String wrong, String name) {
    if (!fulfilled) {
      throw new IllegalArgumentException(
          "dimension \"%s\" makes the label \"%s\", %s".formatted(dimension, name, wrong));
    }
  }

  /** The names of the dimensions' labels, as Prometheus spells them, without prefix. */
  List<String> labelNames() {
    return dimensions.stream().map(dimension -> label(dimension, clientServerPrefix)).toList();
  }

  /** One that an edge has anyway is told with two underscores before it. */
  private static String label(String dimension, boolean prefixed) {
    String name = NOT_OF_A_NAME.matcher(dimension).replaceAll("_");
    return !prefixed && TAKEN.contains(name) ? "__" + name : name;
  }
}
