package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Elapsed time, and threads that do something when a part of it has passed. Thread-safe. */
interface Timer {
  /** Nanoseconds since some instant; for differences only. */
  long nanoTime();

  /** Runs a task once, on another thread. */
  Future<?> after(Duration wait, Runnable task);

  /** The system's clock and the threads of a pool. */
  static Timer of(ScheduledExecutorService pool) {
    return new Timer() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public Future<?> after(Duration wait, Runnable task) {
        return pool.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
      }
    };
  }
}
