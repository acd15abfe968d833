package dev.weir.app.endpoints;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.BindException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Micronaut HTTP server that serves just the beans it is given: a controller of any module on the
 * class path takes part only if the bean that it {@code @Requires} is among them, so several
 * servers live in one process without seeing each other.
 */
public final class HttpServer implements AutoCloseable {
  private final ApplicationContext context;
  private final EmbeddedServer server;

  private HttpServer(ApplicationContext context, EmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  /**
   * Opens a server.
   *
   * @param portKey the setting that chose the port, for the message if it is taken
   * @param host the address to listen on
   * @param port 0 takes a free one
   * @param properties further properties of Micronaut
   * @param beans what controllers need
   * @throws PortTakenException if another process listens there
   */
  public static HttpServer start(
      String portKey, String host, int port, Map<String, Object> properties, Object... beans) {
    Map<String, Object> all = new LinkedHashMap<>(properties);
    all.put("micronaut.server.host", host);
    all.put("micronaut.server.port", port == 0 ? -1 : port);
    all.put("micronaut.application.name", "weir");
    ApplicationContext context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .environmentPropertySource(false)
            .properties(all)
            .singletons(beans)
            .build();
    try {
      context.start();
      EmbeddedServer server = context.getBean(EmbeddedServer.class);
      server.start();
      return new HttpServer(context, server);
    } catch (RuntimeException e) {
      context.close();
      throw causedByBind(e) ? new PortTakenException(portKey, port, e) : e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.stop();
    context.close();
  }

  private static boolean causedByBind(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
