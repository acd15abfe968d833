package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesLimits;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings that bound how many series a tenant has. */
final class LimitsConfig {
  private static final String LIMITER_TYPE = "limiter.type";
  private static final String MAX_SERIES = "max.active.series";
  private static final String MAX_ENTITIES = "max.active.entities";
  private static final String[] TYPES =
      Arrays.stream(SeriesLimits.Unit.values()).map(LimitsConfig::text).toArray(String[]::new);

  private LimitsConfig() {}

  private static String text(SeriesLimits.Unit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            LIMITER_TYPE,
            ConfigDef.Type.STRING,
            text(SeriesLimits.Unit.SERIES),
            ConfigDef.ValidString.in(TYPES),
            Importance.MEDIUM,
            "Which limit on what is active is in force: series for max.active.series, entity for max.active.entities.")
        .define(
            MAX_SERIES,
            ConfigDef.Type.LONG,
            0L,
            ConfigDef.Range.atLeast(0L),
            Importance.MEDIUM,
            "Most active series of a tenant, with each part of a histogram counted; each shard has an equal share. What new label sets beyond it grow by is added up in series with the label metric_overflow. 0 is no limit.")
        .define(
            MAX_ENTITIES,
            ConfigDef.Type.LONG,
            0L,
            ConfigDef.Range.atLeast(0L),
            Importance.MEDIUM,
            "Most active label sets of a tenant, if limiter.type is entity; each shard has an equal share. 0 is no limit.");
  }

  /**
   * Reads these settings.
   *
   * @param shardsKey the setting that says how many shards there are
   * @throws InvalidSettingsException if a shard's share is less than one label set
   */
  static SeriesLimits from(
      Settings settings,
      String shardsKey,
      HistogramBounds spanMetrics,
      HistogramBounds serviceGraph) {
    SeriesLimits limits =
        new SeriesLimits(
            SeriesLimits.Unit.valueOf(settings.string(LIMITER_TYPE).toUpperCase(Locale.ROOT)),
            settings.longInteger(MAX_SERIES),
            settings.longInteger(MAX_ENTITIES));
    long least =
        (long) settings.integer(shardsKey)
            * Math.max(
                MetricGroup.SPAN_METRICS.mostSeries(spanMetrics.buckets()),
                MetricGroup.SERVICE_GRAPH.mostSeries(serviceGraph.buckets()));
    if (limits.maxSeries() > 0 && limits.maxSeries() < least) {
      throw new InvalidSettingsException(
          "Invalid value %d for configuration %s: must be 0 or at least %d, the series of one label set in each of the %s"
              .formatted(limits.maxSeries(), MAX_SERIES, least, shardsKey));
    }
    return limits;
  }
}
