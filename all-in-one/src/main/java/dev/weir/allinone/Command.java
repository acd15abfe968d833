package dev.weir.allinone;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code weir} can be told to do. */
enum Command {
  DEMO("start everything, send a simulated shop's traces and show what comes of them", "warn"),
  UP("start everything and wait for your traces", "info"),
  REPLAY(
      "compute again from the log, beside what runs; compare, send or write what comes out",
      "error"),
  SNAPSHOT("write down the state at the border of a window, for replays to begin with", "error"),
  PLAN("compute with other settings, beside what runs, and show what they would change", "error"),
  AUDIT(
      "recount the spans in Kafka, compare with the books, and say whether they balance", "error"),
  TOPICS("topics scale --partitions N: add partitions while everything runs", "error"),
  CONFIG(
      "import TEMPO.YAML [OVERRIDES.YAML]: say what the settings would be for a Tempo's", "error"),
  HELP("show this text", "warn");

  private final String purpose;
  private final String logLevel;

  Command(String purpose, String logLevel) {
    this.purpose = purpose;
    this.logLevel = logLevel;
  }

  /** What it does, in a line. */
  String purpose() {
    return purpose;
  }

  /** Level of the log unless it is set. */
  String logLevel() {
    return logLevel;
  }

  /** The word on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Command> named(String word) {
    return switch (word) {
      case "--help", "-h" -> Optional.of(HELP);
      default -> Arrays.stream(values()).filter(command -> command.word().equals(word)).findAny();
    };
  }

  /** All of them, for messages. */
  static String words() {
    return Arrays.stream(values()).map(Command::word).collect(Collectors.joining(", "));
  }
}
