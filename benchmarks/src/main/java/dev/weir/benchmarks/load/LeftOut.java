package dev.weir.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/** What a process has left out, as its counters say. Not thread-safe. */
final class LeftOut {
  private final MetricsText metrics;
  private final List<String> problems = new ArrayList<>();

  LeftOut(MetricsText metrics) {
    this.metrics = metrics;
  }

  /** Another problem than a counter of what was left out. */
  void add(String problem) {
    problems.add(problem);
  }

  /**
   * A counter that is there from the start, so a missing one is a problem.
   *
   * @param label as {@link MetricsText#sum(String, String)} takes it
   */
  void addCounter(String name, String label) {
    if (!metrics.has(name)) {
      problems.add("%s is not told".formatted(name));
    }
    addCounterIfThere(name, label);
  }

  /** A counter that may be missing. */
  void addCounterIfThere(String name, String label) {
    double sum = metrics.sum(name, label);
    if (sum != 0) {
      String which = label.isEmpty() ? name : name + "{" + label + "}";
      problems.add("%s is %,.0f, not 0".formatted(which, sum));
    }
  }

  /**
   * Returns if there was no problem.
   *
   * @param who as a sentence about it begins
   * @throws IllegalStateException if something was left out: a fast wrong answer is no result
   */
  void requireNothing(String who) {
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          who
              + " has not made metrics of every span, so its time is no result: "
              + String.join("; ", problems));
    }
  }
}
