package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import dev.weir.streams.overrides.ProcessorNames;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Which processors there are. */
final class Processors {
  private static final String PROCESSORS = "processors";

  private Processors() {}

  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        PROCESSORS,
        ConfigDef.Type.LIST,
        List.of(ProcessorNames.SPAN_METRICS, ProcessorNames.SERVICE_GRAPHS),
        ConfigDef.ValidList.in(
            false,
            ProcessorNames.SPAN_METRICS,
            ProcessorNames.SERVICE_GRAPHS,
            ProcessorNames.CONNECTION_INFO,
            ProcessorNames.HOST_INFO),
        Importance.HIGH,
        "What is derived from spans.");
  }

  static boolean spanMetrics(Settings settings) {
    return settings.list(PROCESSORS).contains(ProcessorNames.SPAN_METRICS);
  }

  static boolean serviceGraphs(Settings settings) {
    return settings.list(PROCESSORS).contains(ProcessorNames.SERVICE_GRAPHS);
  }

  static boolean connectionInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(ProcessorNames.CONNECTION_INFO);
  }

  static boolean hostInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(ProcessorNames.HOST_INFO);
  }
}
