package dev.weir.allinone.receiver;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.xerial.snappy.Snappy;

/**
 * A Prometheus remote-write endpoint on loopback. Speaks version 1.0 and 2.0, as the content type
 * says; refuses what Prometheus would refuse with the same statuses.
 */
public final class RemoteWriteReceiver implements AutoCloseable {
  private static final String PATH = "/api/v1/write";
  private static final String VERSION_2 = "io.prometheus.write.v2.Request";
  private static final int MAX_REQUEST_BYTES = 64 << 20;
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ExecutorService threads;

  private RemoteWriteReceiver(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Opens a receiver.
   *
   * @param port 0 takes a free one
   * @param samples gets what each request holds, from several threads
   * @throws IOException if the port cannot be opened
   */
  public static RemoteWriteReceiver start(int port, Consumer<List<ReceivedSample>> samples)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    ExecutorService threads = Executors.newFixedThreadPool(2, RemoteWriteReceiver::thread);
    server.setExecutor(threads);
    server.createContext(PATH, exchange -> answer(exchange, samples));
    server.start();
    return new RemoteWriteReceiver(server, threads);
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** What a sender takes as its target. */
  public String url() {
    return "http://127.0.0.1:" + port() + PATH;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private static void answer(HttpExchange exchange, Consumer<List<ReceivedSample>> samples)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        refuse(exchange, 405, "samples are sent with POST");
        return;
      }
      if (!"snappy".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        refuse(exchange, 415, "Content-Encoding must be snappy");
        return;
      }
      accept(exchange, samples);
    }
  }

  private static void accept(HttpExchange exchange, Consumer<List<ReceivedSample>> samples)
      throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
    List<ReceivedSample> read;
    try {
      read = decode(exchange, uncompress(body));
    } catch (IOException e) {
      refuse(exchange, 400, "not a remote-write request: " + e);
      return;
    }
    samples.accept(read);
    exchange
        .getResponseHeaders()
        .set("X-Prometheus-Remote-Write-Samples-Written", Integer.toString(read.size()));
    exchange.sendResponseHeaders(204, NO_BODY);
  }

  private static List<ReceivedSample> decode(HttpExchange exchange, byte[] request)
      throws InvalidProtocolBufferException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return type != null && type.contains(VERSION_2)
        ? RemoteWriteRequests.version2(request)
        : RemoteWriteRequests.version1(request);
  }

  private static byte[] uncompress(byte[] body) throws IOException {
    int length = Snappy.uncompressedLength(body);
    if (length > MAX_REQUEST_BYTES) {
      throw new IOException(
          "request of %d bytes; at most %d are taken".formatted(length, MAX_REQUEST_BYTES));
    }
    return Snappy.uncompress(body);
  }

  private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "remote-write-receiver");
    thread.setDaemon(true);
    return thread;
  }
}
