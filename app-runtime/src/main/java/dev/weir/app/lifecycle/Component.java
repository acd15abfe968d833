package dev.weir.app.lifecycle;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An application without its process: what {@code main} runs alone and the all-in-one runs beside
 * others. Constructed without I/O; started and closed once, by one thread.
 */
public interface Component extends AutoCloseable {

  /**
   * Opens what it needs and returns when it works or keeps trying in the background.
   *
   * @throws RuntimeException with a message for the operator if it can never work as configured
   */
  void start();

  /** Its parts' state. */
  Readiness readiness();

  /**
   * Beans that the application's HTTP server serves besides the common endpoints, by nothing but
   * their type.
   */
  default Object[] httpBeans() {
    return new Object[0];
  }

  /** Properties for the framework of the application's HTTP server. */
  default Map<String, Object> httpProperties() {
    return Map.of();
  }

  /**
   * Completes, with the reason for the operator, if the component can never work again and the
   * process must end.
   */
  default CompletableFuture<String> fatal() {
    return new CompletableFuture<>();
  }

  /** Finishes what it holds, then stops. Safe to call twice, and if {@link #start} failed. */
  @Override
  void close();
}
