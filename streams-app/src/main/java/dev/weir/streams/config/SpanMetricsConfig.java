package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.spanmetrics.DimensionMapping;
import dev.weir.streams.spanmetrics.Dimensions;
import dev.weir.streams.spanmetrics.Intrinsic;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import dev.weir.streams.weight.WeightSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of span metrics. */
final class SpanMetricsConfig {
  private static final String BUCKETS = "span.metrics.histogram.buckets";
  private static final String INTRINSIC_DIMENSIONS = "span.metrics.intrinsic.dimensions";
  private static final String DIMENSIONS = "span.metrics.dimensions";
  private static final String DIMENSION_MAPPINGS = "span.metrics.dimension.mappings";
  private static final String FILTER = "span.metrics.filter.policies";
  private static final String TARGET_INFO = "span.metrics.target.info.enabled";
  private static final String TARGET_INFO_EXCLUDED = "span.metrics.target.info.excluded.dimensions";
  private static final String INSTANCE_LABEL = "span.metrics.instance.label.enabled";

  private static final String MULTIPLIER_KEY = "span.metrics.span.multiplier.key";
  private static final String TRACE_STATE_MULTIPLIER =
      "span.metrics.enable.tracestate.span.multiplier";
  private static final String SIZE_NOT_MULTIPLIED = "compatibility.size.not.multiplied";

  private static final List<String> DEFAULT_BUCKETS =
      List.of(
          "0.002", "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512", "1.024",
          "2.048", "4.096", "8.192", "16.384");
  private static final String[] INTRINSICS =
      Arrays.stream(Intrinsic.values()).map(Intrinsic::label).toArray(String[]::new);

  private SpanMetricsConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            BUCKETS,
            ConfigDef.Type.LIST,
            DEFAULT_BUCKETS,
            Importance.MEDIUM,
            "Upper bounds, in seconds, of the buckets of span latency. Those that stay when this is changed go on counting.")
        .define(
            INTRINSIC_DIMENSIONS,
            ConfigDef.Type.LIST,
            List.of("service", "span_name", "span_kind", "status_code"),
            ConfigDef.ValidList.in(INTRINSICS),
            Importance.MEDIUM,
            "Labels of span metrics that are no attributes; status_message is one more.")
        .define(
            DIMENSIONS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Keys of attributes that are labels of span metrics, too; the resource's is taken before the span's. A character that a label's name cannot have becomes _, and __ goes before a name that an intrinsic dimension could have.")
        .define(
            DIMENSION_MAPPINGS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Labels of span metrics that are made of several attributes, each as name=join:source;source, for example endpoint=/:http.method;http.route. The values that are not empty are joined by what stands between the first = and the last :, which has no comma.")
        .define(
            FILTER,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File with a filter_policies section in Tempo's form: which spans are counted by span metrics. Empty for all.")
        .define(
            TARGET_INFO,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether span metrics have the labels job and instance, and traces_target_info tells the other attributes of resources.")
        .define(
            TARGET_INFO_EXCLUDED,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.LOW,
            "Attributes of resources that traces_target_info does not tell.")
        .define(
            INSTANCE_LABEL,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.LOW,
            "Whether there is the label instance where span.metrics.target.info.enabled brings it.")
        .define(
            MULTIPLIER_KEY,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "An attribute of spans, or else of their resource, that tells with which probability a span was kept, as a double: span metrics count each span as 1 / probability. Empty for none.")
        .define(
            TRACE_STATE_MULTIPLIER,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether span metrics count each span as the sampling threshold in its W3C tracestate tells (ot=th:...), which goes before span.metrics.span.multiplier.key.")
        .define(
            SIZE_NOT_MULTIPLIED,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether traces_spanmetrics_size_total counts each span once even where the other span metrics multiply, as Tempo does.");
  }

  static SpanMetricsSettings from(Settings settings) {
    MetricSelection selection = Processors.spanMetrics(settings);
    return new SpanMetricsSettings(
        !selection.isEmpty(),
        Buckets.read(settings, BUCKETS),
        dimensions(settings),
        FilterPoliciesFile.read(FILTER, settings.string(FILTER)),
        new TargetInfoSettings(
            settings.flag(TARGET_INFO),
            Set.copyOf(settings.list(TARGET_INFO_EXCLUDED)),
            settings.flag(INSTANCE_LABEL)),
        Compatibility.lastDimensionDecides(settings),
        new SeriesSettings(
            selection,
            HistogramsConfig.kind(settings),
            new WeightSettings(
                settings.string(MULTIPLIER_KEY),
                settings.flag(TRACE_STATE_MULTIPLIER),
                !settings.flag(SIZE_NOT_MULTIPLIED)),
            HistogramsConfig.natives(settings),
            ExemplarsConfig.enabled(settings),
            ExemplarsConfig.label(settings)));
  }

  private static Dimensions dimensions(Settings settings) {
    try {
      return new Dimensions(
          settings.list(INTRINSIC_DIMENSIONS).stream()
              .map(label -> Intrinsic.valueOf(label.toUpperCase(Locale.ROOT)))
              .collect(Collectors.toSet()),
          settings.list(DIMENSIONS),
          settings.list(DIMENSION_MAPPINGS).stream().map(DimensionMapping::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "Invalid value for configuration %s or %s: %s"
              .formatted(DIMENSIONS, DIMENSION_MAPPINGS, e.getMessage()));
    }
  }
}
