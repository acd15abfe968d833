package dev.weir.benchmarks.load;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a process tells of itself.
 *
 * @param text in Prometheus's text format
 */
record MetricsText(String text) {
  /** Name, labels and value; a label's value may have braces and spaces. */
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{.*\\})? (\\S+)");

  /** Whether there is a sample of that name, whatever its labels. */
  boolean has(String name) {
    return !values(name, "").isEmpty();
  }

  /** Over all labels; 0 if there is no sample of that name. */
  double sum(String name) {
    return sum(name, "");
  }

  /**
   * Over the samples with a label; 0 if there is none.
   *
   * @param label as it is written, such as {@code reason="late"}; empty for all samples
   */
  double sum(String name, String label) {
    return values(name, label).stream().mapToDouble(Double::doubleValue).sum();
  }

  private List<Double> values(String name, String label) {
    return text.lines()
        .filter(line -> line.startsWith(name) && line.contains(label))
        .map(SAMPLE::matcher)
        .filter(sample -> sample.matches() && name.equals(sample.group(1)))
        .map(sample -> Double.valueOf(sample.group(2)))
        .toList();
  }
}
