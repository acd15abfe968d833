package dev.weir.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Prometheus in a process of its own, on loopback, that scrapes nothing and takes remote
 * write, with 30 minutes of out-of-order window, exemplars and native histograms.
 *
 * <p>The binaries are those that the system property {@code weir.test.prometheus} or the
 * environment variable {@code WEIR_TEST_PROMETHEUS} lists (separated like a search path), else the
 * {@code prometheus} on the PATH. A test that needs one says {@code
 * assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE)}.
 *
 * <p>For one thread.
 */
public final class PrometheusServer implements AutoCloseable {
  /** For whoever sees a test skipped. */
  public static final String HOW_TO_PROVIDE =
      "no prometheus binary: put one on the PATH, or name some in WEIR_TEST_PROMETHEUS"
          + " or in the system property weir.test.prometheus";

  private static final Duration OUT_OF_ORDER_WINDOW = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG =
      """
      storage:
        tsdb:
          out_of_order_time_window: %ds
        exemplars:
          max_exemplars: 100000
      """;

  private final Path binary;
  private final Path directory;
  private final Duration outOfOrderWindow;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  /**
   * One value of a query's result.
   *
   * @param labels without order
   * @param timestamp of the value
   */
  public record Sample(Map<String, String> labels, Instant timestamp, double value) {
    public Sample {
      labels = Map.copyOf(labels);
    }
  }

  private PrometheusServer(Path binary, Path directory, Duration outOfOrderWindow, int port) {
    this.binary = binary;
    this.directory = directory;
    this.outOfOrderWindow = outOfOrderWindow;
    this.port = port;
  }

  /** The binaries to test with, best tried one after the other. */
  public static Stream<Path> binaries() {
    String listed =
        System.getProperty(
            "weir.test.prometheus", System.getenv().getOrDefault("WEIR_TEST_PROMETHEUS", ""));
    return listed.isBlank()
        ? onPath().stream()
        : Stream.of(listed.split(File.pathSeparator)).filter(s -> !s.isBlank()).map(Path::of);
  }

  /** Whether there is a binary. */
  public static boolean isAvailable() {
    return binaries().findAny().isPresent();
  }

  /**
   * Starts the first binary.
   *
   * @param directory for its data, configuration and log; made if missing
   */
  public static PrometheusServer start(Path directory) {
    return start(
        binaries().findFirst().orElseThrow(() -> new IllegalStateException(HOW_TO_PROVIDE)),
        directory);
  }

  /**
   * Starts a binary and waits until it is ready.
   *
   * @param directory for its data, configuration and log; made if missing
   */
  public static PrometheusServer start(Path binary, Path directory) {
    return start(binary, directory, OUT_OF_ORDER_WINDOW);
  }

  /**
   * Starts a binary and waits until it is ready.
   *
   * @param directory for its data, configuration and log; made if missing
   * @param outOfOrderWindow how late a sample may be, in whole seconds; zero, Prometheus's own
   *     default, refuses whatever is older than a series' newest sample
   */
  public static PrometheusServer start(Path binary, Path directory, Duration outOfOrderWindow) {
    PrometheusServer server =
        new PrometheusServer(binary, directory, outOfOrderWindow, FreePorts.take());
    server.start();
    return server;
  }

  /** Starts it again after {@link #stop}, with its port and data, and waits until it is ready. */
  public void start() {
    if (process != null) {
      throw new IllegalStateException("it runs already");
    }
    try {
      Files.createDirectories(directory);
      Path config =
          Files.writeString(
              directory.resolve("prometheus.yml"), CONFIG.formatted(outOfOrderWindow.toSeconds()));
      Process started =
          new ProcessBuilder(
                  binary.toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + directory.resolve("data"),
                  "--web.listen-address=127.0.0.1:" + port,
                  "--web.enable-remote-write-receiver",
                  "--enable-feature=exemplar-storage,native-histograms")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
              .start();
      process = started;
      awaitReady(started);
    } catch (IOException e) {
      throw new UncheckedIOException(binary + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** Stops it in good order and waits for it. Nothing happens if it does not run. */
  public void stop() {
    if (process != null) {
      end(process);
      process = null;
    }
  }

  /** Same as {@link #stop}; the directory stays. */
  @Override
  public void close() {
    stop();
  }

  /** Its root, such as {@code http://127.0.0.1:39090}. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Where samples are sent to. */
  public String remoteWriteUrl() {
    return url() + "/api/v1/write";
  }

  /** What an instant or range-vector query gives now. */
  public List<Sample> query(String promql) {
    return samples(get("query?query=" + encode(promql)));
  }

  /** What an instant or range-vector query gives at a time. */
  public List<Sample> queryAt(String promql, Instant time) {
    String seconds = "%d.%03d".formatted(time.getEpochSecond(), time.getNano() / 1_000_000);
    return samples(get("query?query=" + encode(promql) + "&time=" + seconds));
  }

  /**
   * The result of any request to the HTTP API, below {@code data}.
   *
   * @param pathAndQuery what follows {@code /api/v1/}, encoded
   */
  public JsonNode get(String pathAndQuery) {
    HttpResponse<String> response = call("/api/v1/" + pathAndQuery);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(pathAndQuery + " was answered with " + response.body());
    }
    try {
      return JSON.readTree(response.body()).path("data");
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + response.body(), e);
    }
  }

  private HttpResponse<String> call(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(url() + path)).timeout(PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(path + " failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + path, e);
    }
  }

  private static List<Sample> samples(JsonNode data) {
    List<Sample> samples = new ArrayList<>();
    for (JsonNode series : data.path("result")) {
      Map<String, String> labels = new TreeMap<>();
      for (Map.Entry<String, JsonNode> label : series.path("metric").properties()) {
        labels.put(label.getKey(), label.getValue().asText());
      }
      Stream.concat(Stream.of(series.path("value")), stream(series.path("values")))
          .filter(JsonNode::isArray)
          .forEach(pair -> samples.add(sample(labels, pair)));
    }
    return samples;
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false);
  }

  private static Sample sample(Map<String, String> labels, JsonNode pair) {
    return new Sample(
        labels,
        Instant.ofEpochMilli(Math.round(pair.get(0).asDouble() * 1000)),
        number(pair.get(1).asText()));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private void awaitReady(Process started) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!isReady()) {
      if (!started.isAlive() || Instant.now().isAfter(deadline)) {
        stop();
        throw new IllegalStateException(binary + " did not become ready; it said:\n" + said());
      }
      pause();
    }
  }

  private boolean isReady() {
    try {
      return call("/-/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Prometheus", e);
    }
  }

  private static void end(Process running) {
    running.destroy();
    try {
      if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private File log() {
    return directory.resolve("prometheus.log").toFile();
  }

  private String said() {
    try {
      return Files.readString(log().toPath());
    } catch (IOException e) {
      return "nothing";
    }
  }

  private static Optional<Path> onPath() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "prometheus"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
