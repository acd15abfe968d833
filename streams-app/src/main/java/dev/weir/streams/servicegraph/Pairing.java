package dev.weir.streams.servicegraph;

/**
 * Which half edges find each other, beyond the first client and server with the same key. Each of
 * these keeps more half edges until they expire.
 *
 * @param routedByTrace whether all spans of a trace are in one partition; if not, half edges are
 *     brought together by trace before they are paired
 * @param allServers whether a client pairs with every server that names it within the wait, and not
 *     with the first one only; a second client with the same key comes to nothing
 * @param databasesWait whether a call to a database waits for the database's own span, and is an
 *     edge without it only at expiry; if not it is one at once, whatever the database says
 * @param links whether the links of consumers lead to producers
 */
public record Pairing(
    boolean routedByTrace, boolean allServers, boolean databasesWait, boolean links) {

  /** As Tempo pairs. */
  public static final Pairing PLAIN = new Pairing(true, false, false, false);

  /**
   * Checks that linked spans can meet.
   *
   * @throws IllegalArgumentException if they cannot, since a link may lead to a trace of another
   *     partition
   */
  public Pairing {
    if (links && routedByTrace) {
      throw new IllegalArgumentException(
          "links lead to other traces, whose spans may be in other partitions");
    }
  }

  /** Whether a side is an edge without its other half, and need not wait. */
  boolean isEdgeAtOnce(HalfEdge side) {
    return side.callsDatabase() && !databasesWait;
  }
}
