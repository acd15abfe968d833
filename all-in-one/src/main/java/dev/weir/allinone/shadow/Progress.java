package dev.weir.allinone.shadow;

import java.time.Duration;
import java.util.function.Consumer;

/** Says from time to time how far a run has come. Not thread-safe. */
public final class Progress {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Consumer<String> lines;
  private long saidNanos;
  private long firstDone = -1;
  private long firstNanos;

  /**
   * @param lines takes a line for people
   */
  public Progress(Consumer<String> lines) {
    this.lines = lines;
  }

  /** So much is done now; says so if it is time to. */
  void at(long done, long total, long nowNanos) {
    if (firstDone < 0) {
      firstDone = done;
      firstNanos = nowNanos;
      saidNanos = nowNanos;
    } else if (nowNanos - saidNanos >= EVERY.toNanos()) {
      saidNanos = nowNanos;
      lines.accept(line(done, total, done - firstDone, nowNanos - firstNanos));
    }
  }

  /** So far, how fast, and how long it takes at that pace. */
  static String line(long done, long total, long lately, long nanos) {
    double perSecond = (double) lately * 1e9 / (double) Math.max(1, nanos);
    String eta =
        perSecond > 0
            ? time((long) Math.ceil((double) (total - done) / perSecond)) + " to go"
            : "waiting";
    return "%3d %% of %,d records, %,.0f a second, %s"
        .formatted(total == 0 ? 100 : 100 * done / total, total, perSecond, eta);
  }

  private static String time(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %d s".formatted(seconds / 60, seconds % 60)
        : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }
}
