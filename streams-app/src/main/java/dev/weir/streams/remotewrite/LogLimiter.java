package dev.weir.streams.remotewrite;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;

/** Lets one message through per interval and counts the others. Thread-safe. */
final class LogLimiter {
  private final Clock clock;
  private final Duration interval;
  private Instant next = Instant.MIN;
  private long suppressed;

  LogLimiter(Clock clock, Duration interval) {
    this.clock = clock;
    this.interval = interval;
  }

  /** Calls {@code log} with the number of messages left out since it was last called, or not. */
  synchronized void log(LongConsumer log) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      suppressed++;
      return;
    }
    log.accept(suppressed);
    suppressed = 0;
    next = now.plus(interval);
  }
}
