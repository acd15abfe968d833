package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.outbox.SampleNaming;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of host info. */
final class HostInfoConfig {
  private static final String IDENTIFIERS = "host.info.host.identifiers";
  private static final String METRIC_NAME = "host.info.metric.name";

  private HostInfoConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            IDENTIFIERS,
            ConfigDef.Type.LIST,
            HostInfoSettings.DEFAULT_IDENTIFIERS,
            Importance.LOW,
            "Attributes of resources that name a host; the first one that is there as a text and not empty counts.")
        .define(
            METRIC_NAME,
            ConfigDef.Type.STRING,
            SampleNaming.DEFAULT_HOST_INFO,
            Importance.LOW,
            "Name of the gauge that tells hosts.");
  }

  static HostInfoSettings from(Settings settings) {
    List<String> identifiers = settings.list(IDENTIFIERS);
    if (identifiers.isEmpty() || identifiers.contains("")) {
      throw invalid(String.join(",", identifiers), IDENTIFIERS, "must name at least one attribute");
    }
    return new HostInfoSettings(
        Processors.hostInfo(settings), identifiers.stream().distinct().toList());
  }

  static String metricName(Settings settings) {
    String name = settings.string(METRIC_NAME);
    if (!name.matches("[a-zA-Z_:][a-zA-Z0-9_:]*")) {
      throw invalid(name, METRIC_NAME, "must be letters, digits, _ and :, with no digit in front");
    }
    return name;
  }

  private static InvalidSettingsException invalid(String value, String key, String rule) {
    return new InvalidSettingsException(
        "Invalid value %s for configuration %s: %s".formatted(value, key, rule));
  }
}
