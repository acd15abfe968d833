package dev.weir.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker and KRaft controller in this JVM, on loopback, with its data in a directory:
 * closed and started again on it, it goes on where it stopped. For the quick start and for tests,
 * not for production: one node, one replica.
 *
 * <p>Starting takes about 3 s the first time in a JVM. {@link #close} is safe to call twice; the
 * rest is for one thread.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String CONTROLLER_PORT_FILE = "controller.port";

  private final int port;
  private final KafkaRaftServer server;
  private boolean closed;

  private EmbeddedKafka(int port, KafkaRaftServer server) {
    this.port = port;
    this.server = server;
  }

  /**
   * Starts a broker.
   *
   * @param directory its data; made if missing, used again if not
   * @param port where clients connect; 0 takes a free one
   * @throws IllegalStateException if the port is taken, or the broker does not start for another
   *     reason
   */
  public static EmbeddedKafka start(Path directory, int port) {
    return start(directory, port, Map.of());
  }

  /**
   * Starts a broker, with settings of its own over those that it has here.
   *
   * @param directory its data; made if missing, used again if not
   * @param port where clients connect; 0 takes a free one
   * @param settings of the broker, by Kafka's names
   * @throws IllegalStateException if the port is taken, or the broker does not start for another
   *     reason
   */
  public static EmbeddedKafka start(Path directory, int port, Map<String, String> settings) {
    forbidExit();
    int clientPort = port == 0 ? freePort() : requireFree(port);
    try {
      Files.createDirectories(directory);
      int controllerPort = controllerPort(directory, clientPort);
      if (!Files.exists(Path.of(logDirectory(directory), "meta.properties"))) {
        format(directory);
      }
      Properties properties = properties(directory, clientPort, controllerPort);
      properties.putAll(settings);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(clientPort, server);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the broker's directory " + directory + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** What clients take as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  /** Where clients connect. */
  public int port() {
    return port;
  }

  /** Stops in good order and waits for it. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      server.shutdown();
      server.awaitShutdown();
    }
  }

  /** A broker that fails to start would end the JVM that it is a guest in. */
  private static void forbidExit() {
    Exit.Procedure refuse =
        (status, message) -> {
          throw new IllegalStateException(
              "the embedded broker gave up" + (message == null ? "" : ": " + message));
        };
    Exit.setExitProcedure(refuse);
    Exit.setHaltProcedure(refuse);
  }

  /**
   * The quorum's address is part of the controller's stored state, so the port that was taken first
   * is kept.
   */
  private static int controllerPort(Path directory, int clientPort) throws IOException {
    Path file = directory.resolve(CONTROLLER_PORT_FILE);
    if (Files.exists(file)) {
      int kept = Integer.parseInt(Files.readString(file).trim());
      if (kept != clientPort && isFree(kept)) {
        return kept;
      }
    }
    int chosen = freePort();
    while (chosen == clientPort) { // which nobody listens on yet
      chosen = freePort();
    }
    Files.writeString(file, Integer.toString(chosen), StandardCharsets.US_ASCII);
    return chosen;
  }

  private static void format(Path directory) {
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
          .setDirectories(List.of(logDirectory(directory)))
          .setMetadataLogDirectory(logDirectory(directory))
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setControllerListenerName("CONTROLLER")
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception e) { // the formatter declares no narrower one
      throw new IllegalStateException(
          "the broker's directory " + directory + " cannot be formatted: " + e.getMessage(), e);
    }
  }

  private static String logDirectory(Path directory) {
    return directory.resolve("log").toAbsolutePath().toString();
  }

  private static Properties properties(Path directory, int port, int controllerPort) {
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
    properties.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(LOOPBACK, port, LOOPBACK, controllerPort));
    properties.put("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("inter.broker.listener.name", "PLAINTEXT");
    properties.put("log.dirs", logDirectory(directory));
    properties.put("num.partitions", "4");
    properties.put("auto.create.topics.enable", "false");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.streams.initial.rebalance.delay.ms", "0");
    // the default would take 128 MiB of heap
    properties.put("log.cleaner.dedupe.buffer.size", "2097152");
    // after an unclean stop the next start waits until the broker's old session has ended
    properties.put("broker.session.timeout.ms", "2000");
    properties.put("broker.heartbeat.interval.ms", "200");
    return properties;
  }

  private static int requireFree(int port) {
    if (!isFree(port)) {
      throw new IllegalStateException("port " + port + " is taken by another process");
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // a port that a stopped broker has just left is free
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }
}
