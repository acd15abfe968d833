package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Which processors there are. */
final class Processors {
  private static final String PROCESSORS = "processors";
  private static final String SPAN_METRICS = "span-metrics";
  private static final String SERVICE_GRAPHS = "service-graphs";
  private static final String CONNECTION_INFO = "service-graphs-connection-info";
  private static final String HOST_INFO = "host-info";

  private Processors() {}

  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        PROCESSORS,
        ConfigDef.Type.LIST,
        List.of(SPAN_METRICS, SERVICE_GRAPHS),
        ConfigDef.ValidList.in(false, SPAN_METRICS, SERVICE_GRAPHS, CONNECTION_INFO, HOST_INFO),
        Importance.HIGH,
        "What is derived from spans.");
  }

  static boolean spanMetrics(Settings settings) {
    return settings.list(PROCESSORS).contains(SPAN_METRICS);
  }

  static boolean serviceGraphs(Settings settings) {
    return settings.list(PROCESSORS).contains(SERVICE_GRAPHS);
  }

  static boolean connectionInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(CONNECTION_INFO);
  }

  static boolean hostInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(HOST_INFO);
  }
}
