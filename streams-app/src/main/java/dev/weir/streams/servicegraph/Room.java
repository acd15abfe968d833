package dev.weir.streams.servicegraph;

/**
 * How many half edges one partition keeps. When there are so many and another one comes, the oldest
 * of its kind give way: one of those that wait, several of those apart.
 *
 * @param waiting those that come to nothing without their other half; at least 1
 * @param apart those that only answer for others, which are clients that were paired and markers of
 *     rejected sides, and calls to databases, which are edges in any case; at least 1
 * @param apartAtOnce how many of those apart give way together; 1 to {@code apart}
 */
public record Room(int waiting, int apart, int apartAtOnce) {

  /** A thousandth of those apart give way together, which costs little more than one. */
  public Room(int waiting, int apart) {
    this(waiting, apart, 1 + apart / 1_000);
  }
}
