package dev.weir.allinone;

import dev.weir.app.lifecycle.Component;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, so that it is stopped in reverse. For one thread. */
final class Parts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

  private final Deque<Part> running = new ArrayDeque<>();

  /** Opens a part that works as soon as it is there. */
  <T extends AutoCloseable> T open(String name, Supplier<T> opening) {
    long began = System.nanoTime();
    T part = opening.get();
    running.push(new Part(name, part));
    logStarted(name, began);
    return part;
  }

  /** Starts an application; it is closed even if it fails to start. */
  void start(String name, Component application) {
    long began = System.nanoTime();
    running.push(new Part(name, application));
    application.start();
    logStarted(name, began);
  }

  /** A part that fails to stop does not keep the others from it. Safe to call twice. */
  @Override
  public void close() {
    while (!running.isEmpty()) {
      Part last = running.pop();
      try {
        last.closeable().close();
        LOG.info("{} stopped", last.name());
      } catch (Exception e) { // AutoCloseable declares no narrower one
        LOG.error("{} did not stop in good order", last.name(), e);
      }
    }
  }

  private static void logStarted(String name, long began) {
    LOG.info("{} started in {} ms", name, (System.nanoTime() - began) / 1_000_000);
  }

  private record Part(String name, AutoCloseable closeable) {}
}
