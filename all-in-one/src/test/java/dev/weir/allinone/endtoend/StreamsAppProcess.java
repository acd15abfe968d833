package dev.weir.allinone.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The streams app as its users start it: a process of its own, from its jar. */
final class StreamsAppProcess implements AutoCloseable {
  private static final Path JAR = Path.of("../streams-app/target/streams-app.jar");

  private final List<String> command = new ArrayList<>();
  private final Path log;
  private Process process;

  StreamsAppProcess(Path directory, List<String> flags) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(
          JAR.toAbsolutePath() + " is missing: package the module streams-app first");
    }
    log = directory.resolve("streams-app.log");
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Xmx512m");
    command.add("-jar");
    command.add(JAR.toString());
    command.addAll(flags);
    start();
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

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
