package dev.weir.distributor.receiver.grpc;

import dev.weir.app.endpoints.PortTakenException;
import dev.weir.distributor.distribution.Distributor;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Listens for OTLP over gRPC. Started and closed by one thread. */
public final class GrpcReceiver implements AutoCloseable {
  /** What clients may ping as often as; Tempo's value. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private static final int MAX_CALLS_PER_CONNECTION = 128;

  private final String portKey;
  private final int port;
  private final Server server;

  /**
   * @param portKey the setting that chose the port
   * @param port 0 takes a free one
   * @param maxRequestBytes largest decoded request
   * @param executor decodes requests; is not blocked by their processing
   */
  public GrpcReceiver(
      Distributor distributor,
      String portKey,
      String host,
      int port,
      int maxRequestBytes,
      Executor executor) {
    this.portKey = portKey;
    this.port = port;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .executor(executor)
            .maxInboundMessageSize(maxRequestBytes)
            .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
            .permitKeepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(new TraceService(distributor, maxRequestBytes).definition())
            .build();
  }

  /**
   * Opens the port.
   *
   * @throws PortTakenException if another process listens there
   */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      if (isTaken(e)) {
        throw new PortTakenException(portKey, port, e);
      }
      throw new UncheckedIOException(
          portKey + "=" + port + ": cannot listen: " + e.getMessage(), e);
    }
  }

  /** Netty's native transport has exceptions of its own, so the system's words must do. */
  private static boolean isTaken(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("Address already in use")) {
        return true;
      }
    }
    return false;
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Takes no more calls; those in flight are still answered. */
  public void stopAccepting() {
    server.shutdown();
  }

  /**
   * Waits until the calls in flight are answered.
   *
   * @return whether that happened in time
   */
  public boolean awaitEmpty(Duration atMost) throws InterruptedException {
    return server.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends what is still in flight. */
  @Override
  public void close() {
    server.shutdownNow();
  }
}
