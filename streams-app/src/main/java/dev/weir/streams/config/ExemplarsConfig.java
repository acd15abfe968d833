package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.series.TraceIdLabel;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Whether histograms have exemplars, and how they name their trace. */
final class ExemplarsConfig {
  private static final String EXEMPLARS = "exemplars.enabled";
  private static final String LABEL = "trace.id.label.name";
  private static final String WITHOUT_ZEROS = "compatibility.trace.id.without.leading.zeros";

  private ExemplarsConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            EXEMPLARS,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether each bucket of a histogram that grew in a window names a span of that window.")
        .define(
            LABEL,
            ConfigDef.Type.STRING,
            "traceID",
            Importance.LOW,
            "The label of exemplars that holds the trace id.")
        .define(
            WITHOUT_ZEROS,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether exemplars write trace ids without zeros in front, as Tempo does, instead of in 32 digits.");
  }

  static boolean enabled(Settings settings) {
    return settings.flag(EXEMPLARS);
  }

  static ExemplarFormat format(Settings settings) {
    return new ExemplarFormat(label(settings).name(), settings.flag(WITHOUT_ZEROS));
  }

  static TraceIdLabel label(Settings settings) {
    String label = settings.string(LABEL);
    try {
      return new TraceIdLabel(label);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "Invalid value %s for configuration %s: %s".formatted(label, LABEL, e.getMessage()));
    }
  }
}
