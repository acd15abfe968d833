package dev.weir.streams.aggregate;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;

/**
 * The time of one partition, told by its records alone: which window a record belongs to, and how
 * far the partition is complete. A partition is complete through T when a record later than T plus
 * the bound was read; on a topic with {@code LogAppendTime} the bound covers what the clocks of
 * successive leaders differ by. Windows may also be given up; then it counts as complete through
 * them. Windows are numbered from the Unix epoch; window n holds the instants from n × length to (n
 * + 1) × length, the latter exclusive.
 *
 * <p>Where the time is the producers', a record more than a minute ahead of all that were believed
 * before moves nothing, until {@value #WITNESSES} records in succession <em>agree</em>: each of
 * them is that far ahead, and no two of their times are more than a minute apart. One that does not
 * agree begins anew as the first of its own kind; one that is believed ends the succession. Then
 * the earliest of their times is believed. A partition's first record has no predecessor that would
 * speak for it: until that many agree, whatever time they claim, the partition has no time of its
 * own and has completed nothing. A mark is believed at once. Not thread-safe.
 */
final class WindowClock {
  static final int WITNESSES = 32;

  /** What a record's time says. */
  enum Verdict {
    /** It belongs to the window of its time. */
    ON_TIME,

    /** The partition was complete through its window: it belongs to the oldest open one. */
    LATE,

    /** Nobody confirms it yet: it belongs to the window of the partition's time. */
    AHEAD
  }

  private final long windowMillis;
  private final long boundMillis;
  private final long aheadMillis;
  private final boolean isProducers;
  private long nowMillis;
  private long givenUpTo;
  private int witnesses;
  private long earliestMillis;
  private long latestMillis;

  WindowClock(long windowMillis, RecordTime time) {
    this.windowMillis = windowMillis;
    this.boundMillis = time.bound().toMillis();
    this.aheadMillis = time.ahead().toMillis();
    this.isProducers = time.isProducers();
  }

  /** The latest time that was believed so far, Unix milliseconds; 0 if none was. */
  long nowMillis() {
    return nowMillis;
  }

  /** Whether the partition has a time of its own. */
  boolean isSettled() {
    return nowMillis > 0;
  }

  /** Windows before that one are complete from now on, whatever the partition still has of them. */
  void giveUpTo(long window) {
    givenUpTo = Math.max(givenUpTo, window);
  }

  /** The first window that was not given up; 0 if none was. */
  long givenUpTo() {
    return givenUpTo;
  }

  /** Nothing of the partition counts before that time; Unix milliseconds. */
  long sourceMillis() {
    return Math.max(nowMillis, givenUpTo * windowMillis);
  }

  /** A mark of that time was read. */
  void mark(long timestampMillis) {
    witnesses = 0;
    nowMillis = Math.max(nowMillis, timestampMillis);
  }

  /** A record of that time was read. */
  Verdict read(long timestampMillis) {
    boolean late = isComplete(windowOf(timestampMillis));
    if (isProducers && isDoubtful(timestampMillis) && !isConfirmed(timestampMillis)) {
      return isSettled() ? Verdict.AHEAD : inTime(late);
    }
    mark(timestampMillis);
    return inTime(late);
  }

  private static Verdict inTime(boolean late) {
    return late ? Verdict.LATE : Verdict.ON_TIME;
  }

  private boolean isDoubtful(long timestampMillis) {
    return !isSettled() || timestampMillis - nowMillis > aheadMillis;
  }

  private boolean isConfirmed(long timestampMillis) {
    long earliest = Math.min(earliestMillis, timestampMillis);
    long latest = Math.max(latestMillis, timestampMillis);
    boolean agrees = witnesses > 0 && latest - earliest <= aheadMillis;
    earliestMillis = agrees ? earliest : timestampMillis;
    latestMillis = agrees ? latest : timestampMillis;
    witnesses = agrees ? witnesses + 1 : 1;
    if (witnesses < WITNESSES) {
      return false;
    }
    nowMillis = Math.max(nowMillis, earliestMillis);
    return true;
  }

  /** The window of an instant. */
  long windowOf(long millis) {
    return Math.floorDiv(millis, windowMillis);
  }

  /** The first window that the partition is not complete through. */
  long openFrom() {
    return Math.max(givenUpTo, openFromAt(nowMillis));
  }

  /** The first window that the partition would not be complete through if that were its time. */
  long openFromAt(long millis) {
    return Math.max(0, windowOf(millis - boundMillis));
  }

  /** Whether a window is complete, so that a record of that time is late. */
  boolean isComplete(long window) {
    return window < openFrom();
  }

  /** Writes whom it believes: number of witnesses, their earliest and their latest time. */
  void writeWitnesses(ByteWriter to) {
    to.u8(witnesses).fixed64(earliestMillis).fixed64(latestMillis);
  }

  /** Takes back what {@link #writeWitnesses} wrote. */
  void readWitnesses(ByteReader from) {
    witnesses = from.u8();
    earliestMillis = from.fixed64();
    latestMillis = from.fixed64();
  }
}
