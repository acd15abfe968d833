package dev.weir.streams.series;

/** Replaces values of labels before a label set gets its hash. Not thread-safe. */
@FunctionalInterface
public interface ValueRewriter {
  /** Every value stays what it is. */
  ValueRewriter NOTHING = (name, value) -> value;

  /** The values that follow are those of another label set. */
  default void begin() {}

  /**
   * @param name the label's
   * @param value UTF-8, not empty, already cut to its longest
   * @return what stands in its place, UTF-8, not empty; or the same array
   */
  byte[] rewrite(byte[] name, byte[] value);
}
