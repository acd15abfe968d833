package dev.weir.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Ports for processes that are told which to take, and that come back to it after they were killed.
 * They are below those that the system gives to whoever asks for any, so nobody is given one in the
 * meantime; and JVMs that test side by side have ranges of their own. Thread-safe.
 */
public final class FreePorts {
  private static final int FIRST = 10_000;
  private static final int EACH = 2_000;
  private static final int RANGES = 10;
  private static final int RANGE = Integer.getInteger("weir.test.fork", 0) % RANGES;

  /** Other builds on the machine have the same ranges. */
  private static int next = new SplittableRandom().nextInt(EACH);

  private FreePorts() {}

  /** One on which nobody listens, and which is given to nobody else here. */
  public static synchronized int take() {
    for (int tried = 0; tried < EACH; tried++) {
      int port = FIRST + RANGE * EACH + next;
      next = (next + 1) % EACH;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no port is free from %d on".formatted(FIRST + RANGE * EACH));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
