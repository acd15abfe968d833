package dev.weir.streams.aggregate;

/**
 * The time of one partition, told by its records alone: which window a record belongs to, and how
 * far the partition is complete. A partition is complete through T when a record later than T plus
 * the bound was read; on a topic with {@code LogAppendTime} the bound covers what the clocks of
 * successive leaders differ by. Windows are numbered from the Unix epoch; window n holds the
 * instants from n × length to (n + 1) × length, the latter exclusive. Not thread-safe.
 */
final class WindowClock {
  private final long windowMillis;
  private final long boundMillis;
  private long nowMillis;

  WindowClock(long windowMillis, long boundMillis) {
    this.windowMillis = windowMillis;
    this.boundMillis = boundMillis;
  }

  /** The latest time of a record so far. */
  long nowMillis() {
    return nowMillis;
  }

  /** A record of that time was read. */
  void advance(long timestampMillis) {
    nowMillis = Math.max(nowMillis, timestampMillis);
  }

  /** The window of an instant. */
  long windowOf(long millis) {
    return Math.floorDiv(millis, windowMillis);
  }

  /** The first window that the partition is not complete through. */
  long openFrom() {
    return openFromAt(nowMillis);
  }

  /** The first window that the partition would not be complete through if that were its time. */
  long openFromAt(long millis) {
    return Math.max(0, windowOf(millis - boundMillis));
  }

  /** Whether a window is complete, so that a record of that time is late. */
  boolean isComplete(long window) {
    return window < openFrom();
  }
}
