package dev.weir.benchmarks.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own, so that its CPU time is its own. Ends when this process closes it, at the
 * latest when this process ends in good order.
 */
final class ChildProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final String name;
  private final Process process;
  private final Path log;
  private final BufferedReader output;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts another command of this jar; what it prints is read by {@link #answer}. */
  static ChildProcess ofThisJar(
      String command, List<String> jvmFlags, List<String> flags, Path directory)
      throws IOException {
    List<String> line = java(jvmFlags);
    line.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.weir.benchmarks.BenchmarksMain",
            command));
    line.addAll(flags);
    Path log = directory.resolve(command + ".log");
    return new ChildProcess(
        command, new ProcessBuilder(line).redirectError(append(log)).start(), log);
  }

  /** Starts a Java application; what it prints goes to its log. */
  static ChildProcess ofJar(
      String name, Path jar, List<String> jvmFlags, List<String> flags, Path directory)
      throws IOException {
    List<String> line = java(jvmFlags);
    line.addAll(List.of("-jar", jar.toString()));
    line.addAll(flags);
    return ofProgram(name, line, directory);
  }

  /** Starts any program; what it prints goes to its log. */
  static ChildProcess ofProgram(String name, List<String> line, Path directory) throws IOException {
    Path log = directory.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    Process process = builder.redirectOutput(append(log)).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // it reads no input
    return new ChildProcess(name, process, log);
  }

  private static List<String> java(List<String> jvmFlags) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(jvmFlags);
    return line;
  }

  private static ProcessBuilder.Redirect append(Path log) {
    return ProcessBuilder.Redirect.appendTo(new File(log.toUri()));
  }

  /**
   * Waits for a line that begins with {@code word}.
   *
   * @return the rest of the line
   * @throws IOException if the process ends before
   */
  String answer(String word) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(word + " ")) {
        return line.substring(word.length() + 1);
      }
    }
    throw new IOException(name + " ended without saying " + word + "; " + lastWords());
  }

  /**
   * Returns if the process runs.
   *
   * @throws IOException if it has ended
   */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(name + " ended with " + process.exitValue() + "; " + lastWords());
    }
  }

  /** CPU time since it began, user and system, of all its threads. */
  Duration cpu() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(
            () -> new IllegalStateException("this system does not tell a process's CPU time"));
  }

  /** The end of the log. */
  String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return "the end of its log:\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
