package dev.weir.allinone.plan;

import dev.weir.allinone.replay.Growth.Increment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between two settings, by tenant and metric. Not thread-safe. */
final class Changes {
  private static final int EXAMPLES = 10;

  private final Map<String, Row> rows = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private final Computed before;
  private final Computed after;

  /** Counts of one tenant and metric. */
  private static final class Row {
    private int before;
    private int after;
    private int added;
    private int removed;
    private int changed;
  }

  Changes(Computed before, Computed after) {
    this.before = before;
    this.after = after;
    TreeSet<String> all = new TreeSet<>(before.series());
    all.addAll(after.series());
    all.forEach(this::add);
  }

  private void add(String series) {
    Row row = rows.computeIfAbsent(tenantAndMetric(series), key -> new Row());
    boolean was = before.series().contains(series);
    boolean is = after.series().contains(series);
    row.before += was ? 1 : 0;
    row.after += is ? 1 : 0;
    Increment once = before.growth().getOrDefault(series, Increment.NONE);
    Increment then = after.growth().getOrDefault(series, Increment.NONE);
    if (!is) {
      row.removed++;
      example("- " + series);
    } else if (!was) {
      row.added++;
      example("+ " + series);
    } else if (!once.equalsTo(then)) {
      row.changed++;
      example("~ %s grows by %s instead of %s".formatted(series, then.by(), once.by()));
    }
  }

  private void example(String text) {
    if (examples.size() < EXAMPLES) {
      examples.add(text);
    }
  }

  private static String tenantAndMetric(String series) {
    int labels = series.indexOf('{');
    return labels < 0 ? series : series.substring(0, labels);
  }

  /** Whether any series comes, goes, or grows otherwise. */
  boolean isEmpty() {
    return rows.values().stream()
        .allMatch(row -> row.added == 0 && row.removed == 0 && row.changed == 0);
  }

  /**
   * All of it for people.
   *
   * @param seconds how much time was computed
   */
  List<String> lines(double seconds) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-64s %9s %9s %9s %9s %9s"
            .formatted("tenant and metric", "series", "planned", "added", "removed", "changed"));
    rows.forEach(
        (name, row) ->
            lines.add(
                "%-64s %,9d %,9d %,9d %,9d %,9d"
                    .formatted(name, row.before, row.after, row.added, row.removed, row.changed)));
    if (!examples.isEmpty()) {
      lines.add("For example:");
      examples.forEach(example -> lines.add("  " + example));
    }
    lines.add(
        "Series: %,d now, %,d planned (%s)"
            .formatted(
                before.series().size(),
                after.series().size(),
                relative((double) before.series().size(), (double) after.series().size())));
    lines.add(
        "Samples per second: %,.1f now, %,.1f planned (%s)"
            .formatted(
                (double) before.samples() / seconds,
                (double) after.samples() / seconds,
                relative((double) before.samples(), (double) after.samples())));
    lines.add(
        "CPU seconds for this part of the log: %.1f now, %.1f planned (%s)"
            .formatted(
                (double) before.cpuNanos() / 1e9,
                (double) after.cpuNanos() / 1e9,
                relative((double) before.cpuNanos(), (double) after.cpuNanos())));
    return lines;
  }

  private static String relative(double before, double after) {
    return before == 0 ? "from nothing" : "%+.0f %%".formatted(100 * (after - before) / before);
  }
}
