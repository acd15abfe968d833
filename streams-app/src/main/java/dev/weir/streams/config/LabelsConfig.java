package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.outbox.ExternalLabels;
import dev.weir.streams.series.LabelRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of labels, whatever metric they belong to. */
final class LabelsConfig {
  private static final String MAX_NAME = "max.label.name.length";
  private static final String MAX_VALUE = "max.label.value.length";
  private static final String EXTERNAL = "external.labels";
  private static final String TENANT = "inject.tenant.id.as";

  private static final int MEBIBYTE = 1 << 20;

  private LabelsConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            MAX_NAME,
            ConfigDef.Type.INT,
            1024,
            ConfigDef.LambdaValidator.with(
                LabelsConfig::requireNameLimit,
                () -> "0 or from %d to %d".formatted(LabelRules.SHORTEST_NAME_LIMIT, MEBIBYTE)),
            Importance.LOW,
            "Longest label name in bytes; longer ones are cut, and of those that become equal the last one counts. 0 is no limit.")
        .define(
            MAX_VALUE,
            ConfigDef.Type.INT,
            2048,
            ConfigDef.Range.between(0, MEBIBYTE),
            Importance.LOW,
            "Longest label value in bytes; longer ones are cut between characters. 0 is no limit.")
        .define(
            EXTERNAL,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Labels that every series gets in the end, each as name=value; they take the place of a series' own labels of the same name.")
        .define(
            TENANT,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Name of a label with the tenant's id that every series gets in the end; empty for none.");
  }

  private static void requireNameLimit(String key, Object value) {
    int limit = (Integer) value;
    if (limit != 0 && (limit < LabelRules.SHORTEST_NAME_LIMIT || limit > MEBIBYTE)) {
      throw new org.apache.kafka.common.config.ConfigException(
          key,
          value,
          "must be 0 or from %d to %d".formatted(LabelRules.SHORTEST_NAME_LIMIT, MEBIBYTE));
    }
  }

  static LabelRules rules(Settings settings) {
    return new LabelRules(
        settings.integer(MAX_NAME),
        settings.integer(MAX_VALUE),
        external(settings).names(),
        Compatibility.values(settings));
  }

  static ExternalLabels external(Settings settings) {
    Map<String, String> fixed = new HashMap<>();
    for (String label : settings.list(EXTERNAL)) {
      int equals = label.indexOf('=');
      if (equals < 0) {
        throw invalid(EXTERNAL, label, "is not of the form name=value");
      }
      String name = label.substring(0, equals).trim();
      if (fixed.put(name, label.substring(equals + 1).trim()) != null) {
        throw invalid(EXTERNAL, label, "there is another label of that name");
      }
    }
    checked(EXTERNAL, String.join(",", settings.list(EXTERNAL)), fixed, "");
    return checked(TENANT, settings.string(TENANT), fixed, settings.string(TENANT));
  }

  private static ExternalLabels checked(
      String key, String value, Map<String, String> fixed, String tenantLabel) {
    try {
      return new ExternalLabels(fixed, tenantLabel);
    } catch (IllegalArgumentException e) {
      throw invalid(key, value, String.valueOf(e.getMessage()));
    }
  }

  private static InvalidSettingsException invalid(String key, String value, String what) {
    return new InvalidSettingsException(
        "Invalid value %s for configuration %s: %s".formatted(value, key, what));
  }
}
