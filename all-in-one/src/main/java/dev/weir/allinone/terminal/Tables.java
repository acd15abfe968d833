package dev.weir.allinone.terminal;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays the tables out in lines of text. Pure. */
final class Tables {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final String BOLD = "\u001b[1m";
  private static final String NORMAL = "\u001b[0m";

  /** Lines that are no rows of a table. */
  private static final int FIXED_LINES = 13;

  private static final String OPERATION = "  %-16.16s %-24.24s %-8.8s %8s %7s %9s %9s";
  private static final String EDGE = "  %-16.16s %-24.24s %-8.8s %8s %7s %9s %9s";

  private final ZoneId zone;

  Tables(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * Everything for a screen.
   *
   * @param rows height of the screen; the tables take what is left, busiest rows first
   */
  List<String> screen(Status status, Rates rates, int rows) {
    int left = Math.max(4, rows - FIXED_LINES);
    List<OperationRow> operations = rates.operations();
    List<EdgeRow> edges = rates.edges();
    int edgeRows = Math.min(edges.size(), Math.max(2, left * 2 / 5));
    int operationRows = Math.min(operations.size(), left - edgeRows);
    List<String> lines = new ArrayList<>();
    lines.add(headline(status));
    lines.add("");
    lines.add(
        bold(
            OPERATION.formatted(
                "SERVICE", "OPERATION", "KIND", "CALLS/s", "ERRORS", "P50", "P95")));
    operations.stream().limit(operationRows).map(Tables::line).forEach(lines::add);
    lines.add(more(operations.size() - operationRows, "operations"));
    lines.add(bold(EDGE.formatted("CLIENT", "SERVER", "TYPE", "REQ/s", "ERRORS", "", "P95")));
    edges.stream().limit(edgeRows).map(Tables::line).forEach(lines::add);
    lines.add(more(edges.size() - edgeRows, "edges"));
    lines.addAll(footer(status));
    return lines;
  }

  /** One line for a log. */
  String line(Status status, Rates rates) {
    double calls = rates.operations().stream().mapToDouble(OperationRow::callsPerSecond).sum();
    return "%s  %,d spans sent%s, %s calls/s in %d operations, %d edges, final through %s"
        .formatted(
            CLOCK.format(status.now().atZone(zone)),
            status.acknowledged(),
            failures(status),
            number(calls),
            rates.operations().size(),
            rates.edges().size(),
            completeThrough(status));
  }

  /** What can be opened. */
  List<String> footer(Status status) {
    return List.of(
        "Span metrics, graph  " + status.httpUrl() + "/series",
        "Weir's own metrics   " + status.httpUrl() + "/metrics",
        "Health               " + status.httpUrl() + "/ready",
        "A recent trace       "
            + (status.recentTrace().isEmpty()
                ? "(none yet)"
                : status.httpUrl() + "/api/traces/" + status.recentTrace()),
        "Log                  " + status.logFile(),
        "Ctrl-C stops.");
  }

  private String headline(Status status) {
    return BOLD
        + "Weir demo"
        + NORMAL
        + "  %s traces/s, %,d spans sent%s, numbers final through %s"
            .formatted(
                number(status.tracesPerSecond()),
                status.acknowledged(),
                failures(status),
                completeThrough(status));
  }

  private static String failures(Status status) {
    return status.failed() == 0
        ? ""
        : ", %,d NOT TAKEN (%s)".formatted(status.failed(), status.failureReason());
  }

  private String completeThrough(Status status) {
    return status.completeThrough().isPresent()
        ? CLOCK.format(Instant.ofEpochMilli(status.completeThrough().getAsLong()).atZone(zone))
        : "(not yet)";
  }

  private static String line(OperationRow row) {
    return OPERATION.formatted(
        row.service(),
        row.operation(),
        row.kind(),
        number(row.callsPerSecond()),
        percent(row.errorShare()),
        seconds(row.p50Seconds()),
        seconds(row.p95Seconds()));
  }

  private static String line(EdgeRow row) {
    return EDGE.formatted(
        row.client(),
        row.server(),
        shortType(row.type()),
        number(row.requestsPerSecond()),
        percent(row.errorShare()),
        "",
        seconds(row.p95Seconds()));
  }

  private static String shortType(String type) {
    return switch (type) {
      case "messaging_system" -> "queue";
      case "virtual_node" -> "virtual";
      default -> type;
    };
  }

  private static String more(int hidden, String what) {
    return hidden > 0 ? "  … and %d more %s".formatted(hidden, what) : "";
  }

  private static String bold(String text) {
    return BOLD + text + NORMAL;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String percent(double share) {
    return share == 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", share * 100);
  }

  private static String seconds(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return value < 1
        ? String.format(Locale.ROOT, "%.1f ms", value * 1000)
        : String.format(Locale.ROOT, "%.2f s", value);
  }
}
