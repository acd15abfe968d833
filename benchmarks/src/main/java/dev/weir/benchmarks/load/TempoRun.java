package dev.weir.benchmarks.load;

import dev.weir.benchmarks.payload.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Tempo that reads the topic, and says how far it is. */
final class TempoRun implements AutoCloseable {
  private final ChildProcess process;
  private final MetricsEndpoint endpoint;

  private TempoRun(ChildProcess process, MetricsEndpoint endpoint) {
    this.process = process;
    this.endpoint = endpoint;
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
    List<Integer> ports = MetricsEndpoint.freePorts(2);
    TempoConfig config =
        new TempoConfig(shape, servers, group, url, own, ports.get(0), ports.get(1));
    Path file = Files.writeString(own.resolve("tempo.yaml"), config.yaml());
    List<String> line = List.of(binary.toAbsolutePath().toString(), "-config.file=" + file);
    return new TempoRun(
        ChildProcess.ofProgram(group, line, directory), new MetricsEndpoint(config.httpPort()));
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
    return new TempoMetrics(endpoint.read());
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
