package dev.weir.distributor.distribution;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds the bytes of all requests that are not answered yet, as bodies and as records, so that
 * memory does not grow when Kafka is slow. Thread-safe.
 */
public final class InflightBudget {
  /** What a request costs besides its bytes, so that empty ones are bounded too. */
  private static final long OVERHEAD = 1024;

  private final long limit;
  private final LongSupplier nanoClock;
  private final AtomicLong used = new AtomicLong();
  private final Object empty = new Object();

  /**
   * @param nanoClock for waiting only
   */
  public InflightBudget(long limitBytes, LongSupplier nanoClock) {
    limit = limitBytes;
    this.nanoClock = nanoClock;
  }

  /** Bytes reserved now. */
  public long usedBytes() {
    return used.get();
  }

  /**
   * Waits until every request is answered.
   *
   * @return whether that happened in time
   */
  public boolean awaitEmpty(Duration atMost) throws InterruptedException {
    long deadline = nanoClock.getAsLong() + atMost.toNanos();
    synchronized (empty) {
      while (used.get() > 0) {
        long left = Duration.ofNanos(deadline - nanoClock.getAsLong()).toMillis();
        if (left <= 0) {
          return false;
        }
        empty.wait(left);
      }
      return true;
    }
  }

  /** Bytes that a single request may have at most. */
  long largestShare() {
    return limit - OVERHEAD;
  }

  Reservation open() {
    return new Reservation();
  }

  /** The share of one request; used by one thread after the other. */
  final class Reservation {
    private long reserved;

    /** Changes the share; false, and no change, if the limit would be exceeded. */
    boolean resize(long bytes) {
      long change = bytes + OVERHEAD - reserved;
      if (used.addAndGet(change) > limit && change > 0) {
        used.addAndGet(-change);
        return false;
      }
      reserved += change;
      return true;
    }

    void close() {
      if (used.addAndGet(-reserved) == 0) {
        synchronized (empty) {
          empty.notifyAll();
        }
      }
      reserved = 0;
    }
  }
}
