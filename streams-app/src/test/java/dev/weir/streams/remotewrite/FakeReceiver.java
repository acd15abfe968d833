package dev.weir.streams.remotewrite;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.xerial.snappy.Snappy;

/** A remote-write receiver that remembers what it gets and answers as it is told. */
final class FakeReceiver implements AutoCloseable {
  /** How it answers a request, by what is in it. */
  @FunctionalInterface
  interface Script {
    Reply reply(Received received);
  }

  record Reply(int status, String body, Map<String, String> headers) {
    static Reply ok() {
      return of(204, "");
    }

    static Reply of(int status, String body) {
      return new Reply(status, body, Map.of());
    }

    Reply with(String header, String value) {
      return new Reply(status, body, Map.of(header, value));
    }
  }

  /**
   * @param lines the request in the plain form of {@link Requests}
   */
  record Received(com.sun.net.httpserver.Headers headers, List<String> lines) {
    String header(String name) {
      return headers.getFirst(name);
    }

    boolean isVersion1() {
      return "0.1.0".equals(header("X-Prometheus-Remote-Write-Version"));
    }

    long samples() {
      return lines.stream().filter(line -> !line.startsWith("series ")).count();
    }

    boolean holds(String text) {
      return lines.stream().anyMatch(line -> line.contains(text));
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Received> accepted = new CopyOnWriteArrayList<>();
  private volatile Script script = request -> Reply.ok();

  private FakeReceiver(HttpServer server) {
    this.server = server;
  }

  static FakeReceiver start() throws IOException {
    return start(HttpServer.create(anyPort(), 0));
  }

  /** With TLS, for those who have a certificate that it trusts. */
  static FakeReceiver start(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters asked = tls.getDefaultSSLParameters();
            asked.setNeedClientAuth(true);
            parameters.setSSLParameters(asked);
          }
        });
    return start(server);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static FakeReceiver start(HttpServer server) {
    FakeReceiver receiver = new FakeReceiver(server);
    server.createContext("/write", receiver::handle);
    server.setExecutor(receiver.threads);
    server.start();
    return receiver;
  }

  URI url() {
    return URI.create(
        (server instanceof HttpsServer ? "https" : "http")
            + "://127.0.0.1:"
            + server.getAddress().getPort()
            + "/write");
  }

  void answer(Script next) {
    script = next;
  }

  List<Received> received() {
    return received;
  }

  /** What it took, line by line, in order. */
  List<String> stored() {
    return accepted.stream().flatMap(request -> request.lines().stream()).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = Snappy.uncompress(exchange.getRequestBody().readAllBytes());
    Received request = new Received(exchange.getRequestHeaders(), lines(exchange, body));
    received.add(request);
    Reply reply = script.reply(request);
    if (reply.status() / 100 == 2) {
      accepted.add(request);
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] text = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), text.length == 0 ? -1 : text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private static List<String> lines(HttpExchange exchange, byte[] body)
      throws InvalidProtocolBufferException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return type.equals("application/x-protobuf")
        ? Requests.plain(WriteRequest.parseFrom(body))
        : Requests.plain(Request.parseFrom(body));
  }
}
