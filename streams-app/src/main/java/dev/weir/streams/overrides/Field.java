package dev.weir.streams.overrides;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.filter.FilterPolicyForm;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.HistogramKind;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.TraceIdLabel;
import dev.weir.streams.spanmetrics.DimensionMapping;
import dev.weir.streams.spanmetrics.Intrinsic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What can be said of a tenant, with Tempo's name for it below {@code metrics_generator}. A value
 * is immutable and equal to another that says the same; its form is made of lists, maps, texts,
 * numbers and truth values, which JSON and YAML share.
 */
enum Field {
  PROCESSORS("processors", Kind.PROCESSORS),
  HISTOGRAMS("generate_native_histograms", Kind.HISTOGRAMS),
  NATIVE_FACTOR("native_histogram_bucket_factor", Kind.FACTOR),
  NATIVE_BUCKETS("native_histogram_max_bucket_number", Kind.BUCKET_NUMBER),
  NATIVE_RESET("native_histogram_min_reset_duration", Kind.DURATION),
  EXEMPLARS("enable_exemplars", Kind.FLAG),
  TRACE_ID_LABEL("trace_id_label_name", Kind.TRACE_ID_LABEL),
  SPAN_BUCKETS("processor.span_metrics.histogram_buckets", Kind.BUCKETS),
  SPAN_INTRINSICS("processor.span_metrics.intrinsic_dimensions", Kind.INTRINSICS),
  SPAN_DIMENSIONS("processor.span_metrics.dimensions", Kind.TEXTS),
  SPAN_MAPPINGS("processor.span_metrics.dimension_mappings", Kind.MAPPINGS),
  SPAN_FILTER("processor.span_metrics.filter_policies", Kind.POLICIES),
  TARGET_INFO("processor.span_metrics.enable_target_info", Kind.FLAG),
  TARGET_INFO_EXCLUDED("processor.span_metrics.target_info_excluded_dimensions", Kind.TEXTS),
  INSTANCE_LABEL("processor.span_metrics.enable_instance_label", Kind.FLAG),
  SPAN_MULTIPLIER("processor.span_metrics.span_multiplier_key", Kind.TEXT),
  SPAN_TRACE_STATE("processor.span_metrics.enable_tracestate_span_multiplier", Kind.FLAG),
  GRAPH_BUCKETS("processor.service_graphs.histogram_buckets", Kind.BUCKETS),
  GRAPH_DIMENSIONS("processor.service_graphs.dimensions", Kind.TEXTS),
  GRAPH_PEERS("processor.service_graphs.peer_attributes", Kind.TEXTS),
  GRAPH_FILTER("processor.service_graphs.filter_policies", Kind.POLICIES),
  GRAPH_PREFIX("processor.service_graphs.enable_client_server_prefix", Kind.FLAG),
  GRAPH_VIRTUAL_NODE("processor.service_graphs.enable_virtual_node_label", Kind.FLAG),
  GRAPH_MESSAGING("processor.service_graphs.enable_messaging_system_latency_histogram", Kind.FLAG),
  GRAPH_MULTIPLIER("processor.service_graphs.span_multiplier_key", Kind.TEXT),
  GRAPH_TRACE_STATE("processor.service_graphs.enable_tracestate_span_multiplier", Kind.FLAG),
  HOST_IDENTIFIERS("processor.host_info.host_identifiers", Kind.IDENTIFIERS),
  MAX_SERIES("max_active_series", Kind.LIMIT),
  MAX_ENTITIES("max_active_entities", Kind.LIMIT),
  MAX_LABEL_VALUES("max_cardinality_per_label", Kind.LABEL_LIMIT),
  SPAN_NAMES("span_name_sanitization", Kind.SPAN_NAMES);

  /** What kind of value a field has. */
  private enum Kind {
    TEXT,
    TEXTS,
    HISTOGRAMS,
    FACTOR,
    BUCKET_NUMBER,
    TRACE_ID_LABEL,
    DURATION,
    PROCESSORS,
    BUCKETS,
    FLAG,
    INTRINSICS,
    POLICIES,
    MAPPINGS,
    IDENTIFIERS,
    LIMIT,
    LABEL_LIMIT,
    SPAN_NAMES
  }

  private static final List<String> INTRINSIC_NAMES =
      Arrays.stream(Intrinsic.values()).map(Intrinsic::label).toList();

  private final String path;
  private final Kind kind;

  Field(String path, Kind kind) {
    this.path = path;
    this.kind = kind;
  }

  /** Its names from the outermost to its own, separated by dots. */
  String path() {
    return path;
  }

  /**
   * A value from its form.
   *
   * @throws IllegalArgumentException if it has none of this field, with its path and the reason
   */
  Object read(Object form) {
    try {
      return value(form);
    } catch (IllegalArgumentException | InvalidSettingsException e) {
      throw new IllegalArgumentException(
          "metrics_generator.%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private Object value(Object form) {
    return switch (kind) {
      case TEXT -> text(form);
      case TEXTS -> texts(form);
      case HISTOGRAMS -> HistogramKind.named(text(form)).label();
      case FACTOR -> factor(form);
      case BUCKET_NUMBER -> bucketNumber(form);
      case TRACE_ID_LABEL -> traceIdLabel(form);
      case DURATION -> GoDuration.read(form);
      case PROCESSORS -> processors(form);
      case BUCKETS -> buckets(form);
      case FLAG -> flag(form);
      case INTRINSICS -> intrinsics(form);
      case POLICIES -> policies(form);
      case MAPPINGS -> mappings(form);
      case IDENTIFIERS -> identifiers(form);
      case LIMIT -> limit(form);
      case LABEL_LIMIT -> labelLimit(form);
      case SPAN_NAMES -> SpanNameMode.named(text(form)).label();
    };
  }

  /** The form of a value. */
  Object write(Object value) {
    return switch (kind) {
      case POLICIES -> FilterPolicyForm.write(policiesOf(value));
      case MAPPINGS -> mappingsOf(value).stream().map(Field::mapping).toList();
      case DURATION -> GoDuration.write((Duration) value);
      case TEXT,
          TEXTS,
          HISTOGRAMS,
          FACTOR,
          BUCKET_NUMBER,
          TRACE_ID_LABEL,
          PROCESSORS,
          BUCKETS,
          FLAG,
          INTRINSICS,
          IDENTIFIERS,
          LIMIT,
          LABEL_LIMIT,
          SPAN_NAMES ->
          value;
    };
  }

  /** What two layers say together of this field. */
  Object over(Object upper, Object lower) {
    if (kind != Kind.INTRINSICS) {
      return upper;
    }
    Map<String, Object> merged = new TreeMap<>();
    ((Map<?, ?>) lower).forEach((name, flag) -> merged.put(name.toString(), flag));
    ((Map<?, ?>) upper).forEach((name, flag) -> merged.put(name.toString(), flag));
    return Collections.unmodifiableMap(merged);
  }

  private static List<?> list(Object form) {
    if (!(form instanceof List<?> list)) {
      throw new IllegalArgumentException("must be a list");
    }
    return list;
  }

  private static String text(Object form) {
    if (!(form instanceof String text)) {
      throw new IllegalArgumentException("must be a string, not " + form);
    }
    return text;
  }

  private static List<String> texts(Object form) {
    List<String> texts = new ArrayList<>();
    for (Object entry : list(form)) {
      if (!(entry instanceof String text)) {
        throw new IllegalArgumentException("must be a list of strings, but has " + entry);
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  private static Double factor(Object form) {
    if (!(form instanceof Number number)
        || !(number.doubleValue() > 1 && number.doubleValue() <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("must be a number of more than 1, not " + form);
    }
    return number.doubleValue();
  }

  private static Long bucketNumber(Object form) {
    long number = limit(form);
    if (number < 1 || number > NativeSettings.MOST_BUCKETS) {
      throw new IllegalArgumentException(
          "must be from 1 to %d, not %d".formatted(NativeSettings.MOST_BUCKETS, number));
    }
    return number;
  }

  /** Nothing between quotes is how Tempo spells its own name. */
  private static String traceIdLabel(Object form) {
    String name = text(form);
    return (name.isEmpty() ? TraceIdLabel.DEFAULT : new TraceIdLabel(name)).name();
  }

  private static Long limit(Object form) {
    boolean isWhole = form instanceof Integer || form instanceof Long;
    if (!isWhole || ((Number) form).longValue() < 0) {
      throw new IllegalArgumentException("must be a whole number from 0 on, not " + form);
    }
    return ((Number) form).longValue();
  }

  private static Long labelLimit(Object form) {
    long limit = limit(form);
    return (long)
        new RewriteSettings(SpanNameMode.OFF, (int) Math.min(limit, Integer.MAX_VALUE))
            .maxValuesPerLabel();
  }

  private static List<String> identifiers(Object form) {
    List<String> names = texts(form).stream().distinct().toList();
    if (names.isEmpty() || names.contains("")) {
      throw new IllegalArgumentException("must name at least one attribute");
    }
    return names;
  }

  private static List<String> processors(Object form) {
    List<String> names = texts(form);
    names.forEach(ProcessorNames::requireKnown);
    return names;
  }

  private static List<Double> buckets(Object form) {
    List<Double> bounds = new ArrayList<>();
    for (Object entry : list(form)) {
      if (!(entry instanceof Number number)) {
        throw new IllegalArgumentException("must be a list of numbers, but has " + entry);
      }
      bounds.add(number.doubleValue());
    }
    for (int i = 1; i < bounds.size(); i++) {
      if (!(bounds.get(i) > bounds.get(i - 1))) {
        throw new IllegalArgumentException(
            "must be strictly increasing: bucket[%d]=%s is <= bucket[%d]=%s"
                .formatted(i, bounds.get(i), i - 1, bounds.get(i - 1)));
      }
    }
    return new HistogramBounds(bounds).seconds();
  }

  private static Object flag(Object form) {
    if (!(form instanceof Boolean)) {
      throw new IllegalArgumentException("must be true or false, not " + form);
    }
    return form;
  }

  private static Map<String, Boolean> intrinsics(Object form) {
    if (!(form instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("must map intrinsic dimensions to true or false");
    }
    Map<String, Boolean> flags = new TreeMap<>();
    map.forEach(
        (name, flag) -> {
          if (!INTRINSIC_NAMES.contains(String.valueOf(name))) {
            throw new IllegalArgumentException(name + " is not a valid intrinsic dimension");
          }
          flags.put(String.valueOf(name), (Boolean) flag(flag));
        });
    return Collections.unmodifiableMap(flags);
  }

  private static List<FilterPolicy> policies(Object form) {
    List<FilterPolicy> policies = FilterPolicyForm.read(list(form));
    return FilterPolicies.of(policies).policies();
  }

  private static List<DimensionMapping> mappings(Object form) {
    return list(form).stream().map(Field::mapping).toList();
  }

  private static DimensionMapping mapping(Object form) {
    var section =
        YamlSection.of("a dimension mapping", form, Set.of("name", "source_labels", "join"));
    List<String> sources = texts(section.list("source_labels"));
    String name = section.text("name").orElse("");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("dimension_mappings: name must not be empty");
    }
    if (sources.isEmpty() || sources.contains("")) {
      throw new IllegalArgumentException(
          "dimension_mappings: source_labels of %s must not be empty".formatted(name));
    }
    return new DimensionMapping(name, section.text("join").orElse(""), sources);
  }

  private static Object mapping(DimensionMapping mapping) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("name", mapping.name());
    form.put("source_labels", mapping.sources());
    form.put("join", mapping.join());
    return form;
  }

  @SuppressWarnings("unchecked") // read made it
  private static List<FilterPolicy> policiesOf(Object value) {
    return (List<FilterPolicy>) value;
  }

  @SuppressWarnings("unchecked") // read made it
  private static List<DimensionMapping> mappingsOf(Object value) {
    return (List<DimensionMapping>) value;
  }
}
