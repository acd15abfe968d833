package dev.weir.testing;

import java.util.stream.LongStream;

/**
 * Runs a property for many seeds and names the one that broke it: {@code Seeds.upTo(1000)
 * .check(seed -> …)}. {@link #only} repeats one.
 */
public final class Seeds {
  private final long first;
  private final long last;

  private Seeds(long first, long last) {
    this.first = first;
    this.last = last;
  }

  /** 1 to {@code last}. */
  public static Seeds upTo(long last) {
    return new Seeds(1, last);
  }

  /** One seed, that of a failure. */
  public static Seeds only(long seed) {
    return new Seeds(seed, seed);
  }

  /**
   * Runs {@code property} for each seed, in order.
   *
   * @throws AssertionError for the first seed that it fails for, with the seed in its message
   */
  public void check(Property property) {
    LongStream.rangeClosed(first, last).forEach(seed -> check(property, seed));
  }

  private static void check(Property property, long seed) {
    try {
      property.holdsFor(seed);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** What must hold for every seed. */
  @FunctionalInterface
  public interface Property {
    /** Returns if it holds, throws anything if not. */
    void holdsFor(long seed) throws Exception;
  }
}
