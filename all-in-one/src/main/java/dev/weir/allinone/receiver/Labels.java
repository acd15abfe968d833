package dev.weir.allinone.receiver;

import java.util.Map;

/**
 * What tells a series from others.
 *
 * @param byName values by label name; the metric's name is under {@value #METRIC}
 */
public record Labels(Map<String, String> byName) {
  /** The label that holds the metric's name. */
  public static final String METRIC = "__name__";

  public Labels {
    byName = Map.copyOf(byName);
  }

  /** The metric's name, such as {@code traces_spanmetrics_calls_total}; empty if there is none. */
  public String metric() {
    return value(METRIC);
  }

  /** A label's value; empty if the series does not have it, which is the same to Prometheus. */
  public String value(String name) {
    return byName.getOrDefault(name, "");
  }
}
