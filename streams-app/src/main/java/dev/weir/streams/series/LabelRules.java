package dev.weir.streams.series;

import java.util.Set;

/**
 * What labels are allowed to be.
 *
 * @param maxNameBytes longest name, at least {@value #SHORTEST_NAME_LIMIT}, so that no name of
 *     Weir's own is cut; 0 is no limit
 * @param maxValueBytes longest value; 0 is no limit
 * @param overwritten names that every sample gets a label of in the end; label sets must not have
 *     them, or two of them could become the same series
 * @param values how attributes become their values
 */
public record LabelRules(
    int maxNameBytes, int maxValueBytes, Set<String> overwritten, ValueRules values) {

  /** The least that the limit of names can be. */
  public static final int SHORTEST_NAME_LIMIT = 16;

  /** Everything is allowed. */
  public static final LabelRules NONE = new LabelRules(0, 0, Set.of());

  /** Values that are nothing as Tempo's. */
  public LabelRules(int maxNameBytes, int maxValueBytes, Set<String> overwritten) {
    this(maxNameBytes, maxValueBytes, overwritten, ValueRules.DEFAULT);
  }

  public LabelRules {
    overwritten = Set.copyOf(overwritten);
  }

  /** A name as long as it may be; it is ASCII, as all that {@link LabelNames} makes. */
  public String cut(String name) {
    return maxNameBytes == 0 || name.length() <= maxNameBytes
        ? name
        : name.substring(0, maxNameBytes);
  }
}
