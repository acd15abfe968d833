package dev.weir.streams.servicegraph;

import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesSettings;
import java.time.Duration;
import java.util.List;

/**
 * How spans become edges.
 *
 * @param enabled whether they do at all
 * @param bounds buckets of the latency of edges
 * @param halfEdgeWait how long a half edge waits, in record time
 * @param room how many half edges of a partition may stay
 * @param peerAttributes span attributes that name the peer of a virtual node
 * @param edges what is told of edges
 * @param filter which spans take part in edges at all
 * @param pairing which half edges find each other
 * @param series how requests are told of, where {@code edges} has requests at all
 */
public record ServiceGraphSettings(
    boolean enabled,
    HistogramBounds bounds,
    Duration halfEdgeWait,
    Room room,
    List<String> peerAttributes,
    EdgeSettings edges,
    FilterPolicies filter,
    Pairing pairing,
    SeriesSettings series) {
  public ServiceGraphSettings {
    peerAttributes = List.copyOf(peerAttributes);
  }

  /** Edges that tell nothing beyond the two services, paired as Tempo pairs. */
  public ServiceGraphSettings(
      boolean enabled,
      HistogramBounds bounds,
      Duration halfEdgeWait,
      int maxItems,
      List<String> peerAttributes) {
    this(
        enabled,
        bounds,
        halfEdgeWait,
        new Room(maxItems, maxItems),
        peerAttributes,
        EdgeSettings.PLAIN,
        FilterPolicies.NONE,
        Pairing.PLAIN,
        SeriesSettings.DEFAULT);
  }

  /**
   * A graph without half edges.
   *
   * @param nodes those that its half edges will refer to
   */
  public ServiceGraph newGraph(GraphNodes nodes) {
    return new ServiceGraph(pairing, halfEdgeWait.toMillis(), room, nodes);
  }

  /** Told of as usual. */
  public ServiceGraphSettings(
      boolean enabled,
      HistogramBounds bounds,
      Duration halfEdgeWait,
      int maxItems,
      List<String> peerAttributes,
      EdgeSettings edges,
      FilterPolicies filter,
      Pairing pairing) {
    this(
        enabled,
        bounds,
        halfEdgeWait,
        new Room(maxItems, maxItems),
        peerAttributes,
        edges,
        filter,
        pairing,
        SeriesSettings.DEFAULT);
  }
}
