package dev.weir.streams.aggregate;

import java.time.Duration;

/**
 * Whose clock the records' times come from, and what follows.
 *
 * @param isProducers whether the times are the producers' ({@code CreateTime}), so that single ones
 *     may be wrong by any amount; if not, they are the broker's ({@code LogAppendTime})
 * @param bound how much earlier than its predecessors a record of the same partition may be without
 *     being late
 */
public record RecordTime(boolean isProducers, Duration bound) {
  private static final Duration BROKERS_BOUND = Duration.ofSeconds(1);
  private static final Duration PRODUCERS_BOUND = Duration.ofSeconds(10);
  private static final Duration PRODUCERS_AHEAD = Duration.ofSeconds(60);

  /** The broker's time, with the bound that covers what successive leaders' clocks differ by. */
  public static RecordTime ofBroker() {
    return new RecordTime(false, BROKERS_BOUND);
  }

  /** The producers' time, with the bound that covers what well-kept clocks and retries make up. */
  public static RecordTime ofProducers() {
    return new RecordTime(true, PRODUCERS_BOUND);
  }

  /** How far ahead of its partition's time a record may be and still be believed. */
  public Duration ahead() {
    return isProducers ? PRODUCERS_AHEAD : Duration.ZERO;
  }

  /** The same with another bound. */
  public RecordTime within(Duration otherBound) {
    return new RecordTime(isProducers, otherBound);
  }
}
