package dev.weir.streams.overrides;

import java.util.List;

/** What processors are called. */
public final class ProcessorNames {
  public static final String SPAN_METRICS = "span-metrics";
  public static final String SERVICE_GRAPHS = "service-graphs";
  public static final String CONNECTION_INFO = "service-graphs-connection-info";
  public static final String HOST_INFO = "host-info";

  private static final List<String> ALL =
      List.of(SPAN_METRICS, SERVICE_GRAPHS, CONNECTION_INFO, HOST_INFO);

  private ProcessorNames() {}

  /** All names. */
  public static List<String> all() {
    return ALL;
  }

  static void requireKnown(String name) {
    if (!ALL.contains(name)) {
      throw new IllegalArgumentException(
          "\"%s\" is not a known processor, valid values: %s".formatted(name, ALL));
    }
  }
}
