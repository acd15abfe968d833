package dev.weir.audit.recount;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The time of one partition as its records and the logged decisions tell it, by the rules in the
 * manual and nothing else. Not thread-safe.
 */
final class PartitionTime {
  private static final long AHEAD_MILLIS = 60_000;
  private static final int WITNESSES = 32;

  private final long windowMillis;
  private final long boundMillis;
  private final boolean isProducers;
  private List<Long> doubted = new ArrayList<>();
  private long nowMillis;
  private long givenUpTo;

  /** Where the spans of a record count. */
  enum Place {
    /** In the window of its time. */
    OWN_WINDOW,

    /** In the oldest open one, since its own is complete. */
    OLDEST_OPEN,

    /** In that of the partition's time, since nobody confirms its own. */
    CURRENT
  }

  PartitionTime(Duration window, Duration bound, boolean isProducers) {
    this.windowMillis = window.toMillis();
    this.boundMillis = bound.toMillis();
    this.isProducers = isProducers;
  }

  /** The next record, or what became of it. */
  Place record(long millis) {
    boolean isComplete = windowOf(millis) < openFrom();
    Place inTime = isComplete ? Place.OLDEST_OPEN : Place.OWN_WINDOW;
    boolean isDoubtful = isProducers && (nowMillis == 0 || millis - nowMillis > AHEAD_MILLIS);
    if (isDoubtful && !isConfirmed(millis)) {
      return nowMillis > 0 ? Place.CURRENT : inTime;
    }
    passed(millis);
    return inTime;
  }

  /** Whether it is the last of so many in succession that are no more than a minute apart. */
  private boolean isConfirmed(long millis) {
    doubted.add(millis);
    if (Collections.max(doubted) - Collections.min(doubted) > AHEAD_MILLIS) {
      doubted = new ArrayList<>(List.of(millis));
    }
    return doubted.size() == WITNESSES;
  }

  /** That time is past: a mark says so, or somebody decided. */
  void passed(long millis) {
    doubted.clear();
    nowMillis = Math.max(nowMillis, millis);
  }

  /** Somebody decided that windows before that time wait no longer. */
  void givenUp(long millis) {
    givenUpTo = Math.max(givenUpTo, windowOf(millis));
  }

  long nowMillis() {
    return nowMillis;
  }

  /** The window in which a record of that time and place counts. */
  long window(long millis, Place place) {
    return switch (place) {
      case OWN_WINDOW -> windowOf(millis);
      case OLDEST_OPEN -> openFrom();
      case CURRENT -> Math.max(openFrom(), windowOf(nowMillis));
    };
  }

  /** The first window that the partition is not complete through. */
  long openFrom() {
    return Math.max(givenUpTo, Math.max(0, windowOf(nowMillis - boundMillis)));
  }

  private long windowOf(long millis) {
    return Math.floorDiv(millis, windowMillis);
  }
}
