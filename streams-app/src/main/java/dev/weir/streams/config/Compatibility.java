package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import dev.weir.streams.series.ValueRules;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * Where Weir is right and Tempo is not, and somebody could depend on it: switches that bring back
 * what Tempo does. All are off unless set.
 */
final class Compatibility {
  private static final String ZERO_OBSERVATION = "compatibility.virtual.node.zero.observation";
  private static final String LAST_DIMENSION = "compatibility.last.dimension.decides";

  private static final String RUN_TOGETHER = "compatibility.lists.run.together";
  private static final String EMPTY_HIDES = "compatibility.empty.attribute.hides";

  private Compatibility() {}

  static ConfigDef define(ConfigDef definition) {
    define(
        definition,
        ZERO_OBSERVATION,
        "As Tempo: the latency of the side of an edge that was not seen is observed as 0. If not it is not observed.");
    define(
        definition,
        RUN_TOGETHER,
        "As Tempo: an attribute that is an array or a map becomes a label without separators, [ab] or {k:v}. If not it is JSON.");
    define(
        definition,
        EMPTY_HIDES,
        "As Tempo: a dimension that is an empty attribute of the resource is no label even where the span has a value of its own. If not an empty attribute is as one that is not there.");
    return define(
        definition,
        LAST_DIMENSION,
        "As Tempo: of two dimensions that make the same label the later one decides even where a span, or an edge, does not have it, and a dimension of span metrics called job or instance is hidden by the label of span.metrics.target.info.enabled. If not the last one that it has decides, and such a dimension is called __job or __instance.");
  }

  private static ConfigDef define(ConfigDef definition, String key, String documentation) {
    return definition.define(key, ConfigDef.Type.BOOLEAN, false, Importance.LOW, documentation);
  }

  /** See {@link dev.weir.streams.servicegraph.EdgeSettings#zeroForUnseenSide}. */
  static boolean zeroForUnseenSide(Settings settings) {
    return settings.flag(ZERO_OBSERVATION);
  }

  static ValueRules values(Settings settings) {
    return new ValueRules(!settings.flag(RUN_TOGETHER), settings.flag(EMPTY_HIDES));
  }

  /** See {@link dev.weir.streams.spanmetrics.SpanMetricsSettings#lastDimensionDecides}. */
  static boolean lastDimensionDecides(Settings settings) {
    return settings.flag(LAST_DIMENSION);
  }
}
