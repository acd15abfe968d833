package dev.weir.benchmarks.load;

import dev.weir.benchmarks.payload.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A Tempo that reads the topic, and says how far it is. */
final class TempoRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final ChildProcess process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  private TempoRun(ChildProcess process, int httpPort) {
    this.process = process;
    this.request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics"))
            .timeout(PATIENCE)
            .build();
  }

  /**
   * Starts one that has never run before.
   *
   * @param group its group of consumers, and its name
   * @param url where it writes samples to
   * @param directory where its log is made, and a directory of its own
   */
  static TempoRun start(
      Path binary, Shape shape, String servers, String group, String url, Path directory)
      throws IOException {
    Path own = Files.createDirectories(directory.resolve(group));
    List<Integer> ports = freePorts();
    TempoConfig config =
        new TempoConfig(shape, servers, group, url, own, ports.get(0), ports.get(1));
    Path file = Files.writeString(own.resolve("tempo.yaml"), config.yaml());
    List<String> line = List.of(binary.toAbsolutePath().toString(), "-config.file=" + file);
    return new TempoRun(ChildProcess.ofProgram(group, line, directory), config.httpPort());
  }

  /** Both at once, so that they differ. */
  private static List<Integer> freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket http = new ServerSocket(0, 1, loopback);
        ServerSocket grpc = new ServerSocket(0, 1, loopback)) {
      return List.of(http.getLocalPort(), grpc.getLocalPort());
    }
  }

  ChildProcess process() {
    return process;
  }

  /** Spans that it has received; 0 as long as it does not answer, which it may be too busy for. */
  long receivedSpans() throws InterruptedException {
    try {
      return metrics().receivedSpans();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * What it tells of itself now.
   *
   * @throws IOException if it does not answer
   */
  TempoMetrics metrics() throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != OK) {
      throw new IOException(request.uri() + " answered " + response.statusCode());
    }
    return new TempoMetrics(response.body());
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
