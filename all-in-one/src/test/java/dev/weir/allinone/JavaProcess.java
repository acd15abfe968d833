package dev.weir.allinone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of Weir in a process of its own, as its users run it, that can be killed, stopped and
 * started again.
 */
final class JavaProcess implements AutoCloseable {
  /** Processes that live for seconds and do little spend most of the processor on compiling. */
  private static final List<String> SHORT_LIVED =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Path STREAMS_APP = Path.of("../streams-app/target/streams-app.jar");

  private final List<String> command;
  private final Path log;
  private Process process;

  private JavaProcess(Path log, List<String> arguments) {
    this.log = log;
    this.command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    command.addAll(SHORT_LIVED);
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

  /** The weir command. */
  static JavaProcess weir(Path log, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("-cp", System.getProperty("java.class.path"), WeirMain.class.getName()));
    all.addAll(arguments);
    return new JavaProcess(log, all);
  }

  /** A broker on a port, with settings such as {@code key=value}. */
  static JavaProcess broker(Path log, Path data, int port, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                data.toString(),
                Integer.toString(port)));
    all.addAll(List.of(settings));
    return new JavaProcess(log, all);
  }

  void start() {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
      process = builder.redirectErrorStream(true).start();
      keep(process.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not by a redirection to the file, which would feel {@link #fillDisk}. */
  private void keep(InputStream said) {
    Thread keeper =
        new Thread(
            () -> {
              try (said;
                  OutputStream file =
                      Files.newOutputStream(
                          log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                said.transferTo(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "keeper of " + log.getFileName());
    keeper.setDaemon(true);
    keeper.start();
  }

  /** Ends it as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Asks it to end, as a rollout does, and waits until it has. */
  void stop() {
    process.destroy();
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
    run("kill", signal, Long.toString(process.pid()));
  }

  /**
   * From now on no file may grow beyond some bytes: writing fails as it does on a full disk, though
   * with another error.
   */
  void fillDisk() {
    limitFiles("100:unlimited");
  }

  /** Files may grow again. */
  void freeDisk() {
    limitFiles("unlimited:unlimited");
  }

  private void limitFiles(String bytes) {
    run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes);
  }

  private static void run(String... command) {
    try {
      new ProcessBuilder(command).inheritIO().start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      thaw();
      kill();
    }
  }
}
