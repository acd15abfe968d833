package dev.weir.allinone.shadow;

import java.util.concurrent.TimeUnit;

/** Holds readers to a {@link Rate}. Thread-safe. */
final class Brake {
  private final Rate rate;
  private long freeAtNanos = System.nanoTime();

  Brake(Rate rate) {
    this.rate = rate;
  }

  /** Waits until what was taken is paid for. */
  void taken(long records, long bytes) {
    long amount = rate.countsBytes() ? bytes : records;
    if (rate.perSecond() == 0 || amount == 0) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(waitFor(amount, System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long whoever takes {@code amount} at {@code now} has to wait, nanoseconds. */
  synchronized long waitFor(long amount, long nowNanos) {
    freeAtNanos =
        Math.max(freeAtNanos, nowNanos)
            + (long) (1e9 * (double) amount / (double) rate.perSecond());
    return freeAtNanos - nowNanos;
  }
}
