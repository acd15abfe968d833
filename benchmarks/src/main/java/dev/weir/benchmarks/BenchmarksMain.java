package dev.weir.benchmarks;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.benchmarks.load.BrokerProcess;
import dev.weir.benchmarks.load.LoadCommand;
import dev.weir.benchmarks.load.PollProcess;
import dev.weir.benchmarks.memory.ClosingCommand;
import dev.weir.benchmarks.memory.MemoryCommand;
import dev.weir.benchmarks.payload.FillCommand;
import java.util.Arrays;
import java.util.List;

/** {@code java -jar benchmarks.jar <command> [flags]}. */
public final class BenchmarksMain {
  private static final String USAGE =
      """
      Usage: java -jar benchmarks/target/benchmarks.jar <command> [flags]

        jmh [pattern]  run the JMH benchmarks whose names contain the pattern, with the gc profiler
        fill           fill a topic with the standard payload
        memory         measure heap and RocksDB for each label set
        closing        measure what closing a window of very many label sets takes
        load           measure the streams-app against a plain consumer, and beside Tempo, on a broker of its own

      <command> --help lists the flags.
      """;

  private BenchmarksMain() {}

  /**
   * Ends the process with 0 if the command did its work, 1 if it failed, 2 if it was not
   * understood.
   */
  public static void main(String[] arguments) {
    System.exit(run(Arrays.asList(arguments)));
  }

  private static int run(List<String> arguments) {
    if (arguments.isEmpty() || arguments.get(0).equals("--help")) {
      System.out.print(USAGE);
      return arguments.isEmpty() ? 2 : 0;
    }
    try {
      return run(arguments.get(0), arguments.subList(1, arguments.size()));
    } catch (InvalidSettingsException e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (Exception e) { // the outermost place: whatever went wrong ends the command
      e.printStackTrace();
      return 1;
    }
  }

  private static int run(String command, List<String> flags) throws Exception {
    switch (command) {
      case "jmh" -> JmhCommand.run(flags);
      case "fill" -> FillCommand.run(flags);
      case "memory" -> MemoryCommand.run(flags);
      case "closing" -> ClosingCommand.run(flags);
      case "load" -> LoadCommand.run(flags);
      case "broker" -> BrokerProcess.run(flags); // started by load
      case "poll" -> PollProcess.run(flags); // started by load
      default -> {
        System.err.println("unknown command '" + command + "'\n\n" + USAGE);
        return 2;
      }
    }
    return 0;
  }
}
