package dev.weir.benchmarks.load;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xerial.snappy.Snappy;

/**
 * A remote-write target on loopback that says 204 to everything and keeps only what tells whether
 * all has come: totals, and the last value of each {@code traces_spanmetrics_calls_total}.
 */
final class DiscardingReceiver implements AutoCloseable {
  private static final int NO_CONTENT = 204;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ReceivedSamples received = new ReceivedSamples();

  private DiscardingReceiver(HttpServer server) {
    this.server = server;
  }

  static DiscardingReceiver start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    DiscardingReceiver receiver = new DiscardingReceiver(server);
    server.createContext("/", receiver::receive);
    server.setExecutor(receiver.threads);
    server.start();
    return receiver;
  }

  /** Where to write to. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/write";
  }

  /** What has come so far. */
  ReceivedSamples received() {
    return received;
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      byte[] message = body.length == 0 ? body : Snappy.uncompress(body);
      if (isSecondVersion(exchange.getRequestHeaders())) {
        Request request = Request.parseFrom(message);
        received.add(request, body.length);
        confirm(exchange.getResponseHeaders(), request);
      } else {
        received.add(WriteRequest.parseFrom(message), body.length);
      }
      exchange.sendResponseHeaders(NO_CONTENT, -1);
    }
  }

  private static boolean isSecondVersion(Headers headers) {
    String type = headers.getFirst("Content-Type");
    return type != null && type.contains("io.prometheus.write.v2.Request");
  }

  /** A sender must not believe a target of version 2.0 that does not say what it has written. */
  private static void confirm(Headers headers, Request request) {
    int samples = request.getTimeseriesList().stream().mapToInt(s -> s.getSamplesCount()).sum();
    int histograms =
        request.getTimeseriesList().stream().mapToInt(s -> s.getHistogramsCount()).sum();
    int exemplars = request.getTimeseriesList().stream().mapToInt(s -> s.getExemplarsCount()).sum();
    headers.set("X-Prometheus-Remote-Write-Samples-Written", Integer.toString(samples));
    headers.set("X-Prometheus-Remote-Write-Histograms-Written", Integer.toString(histograms));
    headers.set("X-Prometheus-Remote-Write-Exemplars-Written", Integer.toString(exemplars));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
