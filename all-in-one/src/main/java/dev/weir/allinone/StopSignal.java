package dev.weir.allinone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a latch, and holds the end of the process back until the work has
 * stopped in good order.
 */
final class StopSignal {
  private static final int MAX_SECONDS_TO_STOP = 60;

  private final CountDownLatch latch = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** One that is raised when this process is told to end. */
  static StopSignal ofProcess() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::raiseAndWait, "weir-shutdown"));
    return signal;
  }

  /** Is counted down when it is time to stop. */
  CountDownLatch latch() {
    return latch;
  }

  /** The work has stopped. */
  void stopped() {
    stopped.countDown();
  }

  private void raiseAndWait() {
    latch.countDown();
    try {
      if (!stopped.await(MAX_SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        System.err.println("weir: did not stop within " + MAX_SECONDS_TO_STOP + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
