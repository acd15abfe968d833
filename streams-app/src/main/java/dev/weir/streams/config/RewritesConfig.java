package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of what becomes of values of labels. */
final class RewritesConfig {
  private static final String SPAN_NAMES = "span.name.sanitization";
  private static final String MAX_VALUES = "max.cardinality.per.label";
  private static final String[] MODES = SpanNameMode.labels().toArray(String[]::new);

  private RewritesConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            SPAN_NAMES,
            ConfigDef.Type.STRING,
            SpanNameMode.OFF.label(),
            ConfigDef.ValidString.in(MODES),
            Importance.MEDIUM,
            "Whether patterns are learned from span names with ids in them (DRAIN), and take their place in the label span_name: enabled; dry_run learns and counts but changes nothing; empty does neither.")
        .define(
            MAX_VALUES,
            ConfigDef.Type.INT,
            0,
            ConfigDef.Range.between(0, RewriteSettings.LARGEST_MAX_VALUES),
            Importance.MEDIUM,
            "Most values of each label of a tenant's span metrics and edges. If there are more, those that were there first stay, and __cardinality_overflow__ takes the place of all others. 0 is no limit.");
  }

  static RewriteSettings from(Settings settings) {
    return new RewriteSettings(
        SpanNameMode.named(settings.string(SPAN_NAMES)), settings.integer(MAX_VALUES));
  }
}
