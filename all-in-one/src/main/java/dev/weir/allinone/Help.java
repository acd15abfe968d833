package dev.weir.allinone;

import dev.weir.app.settings.SettingsReference;

/** The text of {@code weir help}. */
final class Help {
  private Help() {}

  /** Commands, and every flag with its default. */
  static String text() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: ./weir <command> [--config FILE] [--flag value ...]\n\nCommands:\n");
    for (Command command : Command.values()) {
      text.append("  %-8s %s%n".formatted(command.word(), command.purpose()));
    }
    return text.append(
            """

            Examples:
              ./weir demo
              ./weir demo --duration 40s --report report.json
              ./weir up --remote-write-url http://127.0.0.1:9090/api/v1/write
              ./weir replay --as check
              ./weir snapshot --as monday
              ./weir replay --from snapshot:monday --as check
              ./weir plan --config new.yaml --last 1h
              ./weir audit --prometheus-url http://127.0.0.1:9090
              ./weir topics scale --partitions 6
              ./weir config import tempo.yaml overrides.yaml

            A setting comes from its default, then from the file (YAML or .properties), then from the
            environment (WEIR_ and its name in capitals), then from its flag; the last one wins.
            kafka.* is handed to Kafka's clients. WEIR_JAVA_OPTS holds further options of the JVM.

            Flags (--demo-*, --report: of demo alone):
            """)
        .append(SettingsReference.help(Definition.of(Command.DEMO)))
        .append("\n\nFlags of replay:\n")
        .append(SettingsReference.help(Definition.ofReplay()))
        .append("\n\nFlags of snapshot:\n")
        .append(SettingsReference.help(Definition.ofSnapshot()))
        .append("\n\nFlags of plan:\n")
        .append(SettingsReference.help(Definition.ofPlan()))
        .append("\n\nFlags of audit:\n")
        .append(SettingsReference.help(Definition.ofAudit()))
        .append("\n\nFlags of topics scale:\n")
        .append(SettingsReference.help(Definition.ofScale()))
        .toString();
  }
}
