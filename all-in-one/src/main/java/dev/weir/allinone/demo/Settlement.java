package dev.weir.allinone.demo;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits until everything that is in the log by some time is counted, sent and received. The outbox
 * is asked for what the receiver must have: every active series gets a sample at each window's end.
 */
final class Settlement {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final Pipeline pipeline;
  private final Duration patience;
  private final InstantSource clock;
  private final CountDownLatch stop;

  /**
   * @param patience how long it may take beyond the time itself
   * @param stop ends the waiting early
   */
  Settlement(Pipeline pipeline, Duration patience, InstantSource clock, CountDownLatch stop) {
    this.pipeline = pipeline;
    this.patience = patience;
    this.clock = clock;
    this.stop = stop;
  }

  /**
   * Waits.
   *
   * @param lastRecordMillis no span that counts came into the log later, Unix milliseconds
   * @throws NotFinalException if it takes too long
   */
  void await(long lastRecordMillis) throws NotFinalException, InterruptedException {
    long through =
        lastRecordMillis + pipeline.graphWait().toMillis() + pipeline.window().toMillis();
    Instant deadline = Instant.ofEpochMilli(through).plus(patience);
    if (!until(deadline, () -> pipeline.completeThrough().orElse(0) >= through)) {
      throw new NotFinalException(notComplete(through));
    }
    Map<Labels, Long> expected =
        pipeline.outbox().latestSince(through - pipeline.window().toMillis());
    if (!until(deadline, () -> missing(expected) == 0)) {
      throw new NotFinalException(
          "the receiver lacks the latest samples of %d of %d series after %s; see %s"
              .formatted(missing(expected), expected.size(), patience, pipeline.logFile()));
    }
  }

  private String notComplete(long through) {
    OptionalLong reached = pipeline.completeThrough();
    return "numbers are final through %s, not %s, after %s; see %s"
        .formatted(
            reached.isPresent() ? Instant.ofEpochMilli(reached.getAsLong()) : "no time yet",
            Instant.ofEpochMilli(through),
            patience,
            pipeline.logFile());
  }

  private long missing(Map<Labels, Long> expected) {
    return expected.entrySet().stream()
        .filter(sample -> !has(sample.getKey(), sample.getValue()))
        .count();
  }

  private boolean has(Labels labels, long timestampMillis) {
    return pipeline
        .received()
        .find(labels)
        .map(series -> isThere(series, timestampMillis))
        .orElse(false);
  }

  private static boolean isThere(Series series, long timestampMillis) {
    return series.ended() || series.timestampMillis() >= timestampMillis;
  }

  private boolean until(Instant deadline, BooleanSupplier reached) throws InterruptedException {
    while (!reached.getAsBoolean()) {
      if (clock.instant().isAfter(deadline)
          || stop.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }
}
