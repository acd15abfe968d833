package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import dev.weir.streams.overrides.ProcessorNames;
import dev.weir.streams.series.MetricSelection;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Which processors there are, by {@link ProcessorNames}. */
final class Processors {
  private static final String PROCESSORS = "processors";

  private Processors() {}

  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        PROCESSORS,
        ConfigDef.Type.LIST,
        List.of(ProcessorNames.SPAN_METRICS, ProcessorNames.SERVICE_GRAPHS),
        ConfigDef.ValidList.in(false, ProcessorNames.all().toArray(String[]::new)),
        Importance.HIGH,
        "What is derived from spans: span-metrics, or some of its parts; service-graphs, or some of its parts; connection info only if it is listed.");
  }

  /** The metrics of spans. */
  static MetricSelection spanMetrics(Settings settings) {
    return HistogramsConfig.kind(settings)
        .of(ProcessorNames.spanMetrics(settings.list(PROCESSORS)));
  }

  /** The metrics of requests. */
  static MetricSelection serviceGraphs(Settings settings) {
    return HistogramsConfig.kind(settings)
        .of(ProcessorNames.serviceGraphs(settings.list(PROCESSORS)));
  }

  static boolean connectionInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(ProcessorNames.CONNECTION_INFO);
  }

  static boolean hostInfo(Settings settings) {
    return settings.list(PROCESSORS).contains(ProcessorNames.HOST_INFO);
  }
}
