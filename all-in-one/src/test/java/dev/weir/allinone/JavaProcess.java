package dev.weir.allinone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of Weir in a process of its own, as its users run it, that can be killed, stopped and
 * started again.
 */
final class JavaProcess implements AutoCloseable {
  private static final Path STREAMS_APP = Path.of("../streams-app/target/streams-app.jar");

  private final List<String> command;
  private final Path log;
  private Process process;

  private JavaProcess(Path log, List<String> arguments) {
    this.log = log;
    this.command =
        new ArrayList<>(
            List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx512m"));
    command.addAll(arguments);
    start();
  }

  /** The streams app, from its jar. */
  static JavaProcess streamsApp(Path log, List<String> flags) {
    if (!Files.exists(STREAMS_APP)) {
      throw new IllegalStateException(
          STREAMS_APP.toAbsolutePath() + " is missing: package the module streams-app first");
    }
    List<String> arguments = new ArrayList<>(List.of("-jar", STREAMS_APP.toString()));
    arguments.addAll(flags);
    return new JavaProcess(log, arguments);
  }

  /** A broker on a port. */
  static JavaProcess broker(Path log, Path data, int port) {
    return new JavaProcess(
        log,
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProcess.class.getName(),
            data.toString(),
            Integer.toString(port)));
  }

  void start() {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
      process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Lets it stand still, as a long pause of its machine does. */
  void freeze() {
    signal("-STOP");
  }

  /** Lets it go on. */
  void thaw() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    thaw();
    kill();
  }
}
