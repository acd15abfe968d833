package dev.weir.streams.spanmetrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.weir.streams.series.LabelRules;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Span metrics and targets as they are specified, the slow and obvious way: with protobuf's
 * objects, maps and big integers, and none of the classes under test but their settings. Texts are
 * compared as they are before {@link RandomSpans#BROKEN} is put on the wire.
 */
final class SpanMetricsModel {
  private static final List<String> INTRINSICS =
      List.of("service", "span_name", "span_kind", "status_code", "status_message");
  private static final List<String> TARGET_KEYS =
      List.of("service.name", "service.namespace", "service.instance.id");
  private static final double NANOS_PER_SECOND = 1e9;

  private final SpanMetricsSettings settings;
  private final LabelRules rules;
  private final boolean filters;
  private final Map<String, List<BigInteger>> operations = new TreeMap<>();
  private final Map<String, BigInteger> targets = new TreeMap<>();
  private long invalid;
  private long filtered;

  SpanMetricsModel(SpanMetricsSettings settings, LabelRules rules) {
    this.settings = settings;
    this.rules = rules;
    this.filters = !settings.filter().isEmpty();
  }

  /** By labels: calls, bytes, nanoseconds, and what falls into each bucket. */
  Map<String, List<BigInteger>> operations() {
    return operations;
  }

  /** By labels: spans that were counted. */
  Map<String, BigInteger> targets() {
    return targets;
  }

  long invalid() {
    return invalid;
  }

  long filtered() {
    return filtered;
  }

  void accept(TracesData record) {
    for (ResourceSpans resourceSpans : record.getResourceSpansList()) {
      for (ScopeSpans scopeSpans : resourceSpans.getScopeSpansList()) {
        scopeSpans.getSpansList().forEach(span -> accept(resourceSpans.getResource(), span));
      }
    }
  }

  private void accept(Resource resource, Span span) {
    if (filters && span.getName().equals(RandomSpans.NOISE)) {
      filtered++;
      return;
    }
    Optional<String> labels = labels(operation(resource, span));
    if (labels.isEmpty()) {
      invalid++;
      return;
    }
    operations.merge(labels.get(), amounts(span), SpanMetricsModel::plus);
    if (settings.targetInfo().enabled()) {
      target(resource)
          .flatMap(this::labels)
          .ifPresent(target -> targets.merge(target, BigInteger.ONE, BigInteger::add));
    }
  }

  private List<BigInteger> amounts(Span span) {
    BigInteger start = new BigInteger(Long.toUnsignedString(span.getStartTimeUnixNano()));
    BigInteger end = new BigInteger(Long.toUnsignedString(span.getEndTimeUnixNano()));
    BigInteger nanos = end.subtract(start).max(BigInteger.ZERO);
    List<BigInteger> amounts = new ArrayList<>();
    amounts.add(BigInteger.ONE);
    amounts.add(BigInteger.valueOf(span.getSerializedSize()));
    amounts.add(nanos);
    double before = -1;
    double seconds = nanos.doubleValue() / NANOS_PER_SECOND;
    for (double bound : settings.bounds().seconds()) {
      amounts.add(before < seconds && seconds <= bound ? BigInteger.ONE : BigInteger.ZERO);
      before = bound;
    }
    amounts.add(seconds > before ? BigInteger.ONE : BigInteger.ZERO);
    return amounts;
  }

  private static List<BigInteger> plus(List<BigInteger> some, List<BigInteger> more) {
    List<BigInteger> sum = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      sum.add(some.get(i).add(more.get(i)));
    }
    return sum;
  }

  private Map<String, String> operation(Resource resource, Span span) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (Intrinsic intrinsic : settings.dimensions().intrinsics()) {
      labels.put(intrinsic.label(), intrinsic(intrinsic, resource, span));
    }
    for (String key : settings.dimensions().attributes()) {
      Optional<String> value = attribute(key, resource, span);
      if (value.isPresent() || settings.lastDimensionDecides()) {
        labels.put(dimensionLabel(key), value.orElse(""));
      }
    }
    for (DimensionMapping mapping : settings.dimensions().mappings()) {
      labels.put(
          dimensionLabel(mapping.name()),
          mapping.sources().stream()
              .map(key -> attribute(key, resource, span).orElse(""))
              .filter(value -> !value.isEmpty())
              .collect(Collectors.joining(mapping.join())));
    }
    if (settings.targetInfo().enabled()) {
      putIfAny(labels, "job", job(resource));
      putIfAny(labels, "instance", instance(resource));
    }
    return labels;
  }

  private static void putIfAny(Map<String, String> labels, String name, String value) {
    if (!value.isEmpty()) {
      labels.put(name, value);
    }
  }

  private String intrinsic(Intrinsic intrinsic, Resource resource, Span span) {
    return switch (intrinsic) {
      case SERVICE -> first(resource.getAttributesList(), "service.name").orElse("");
      case SPAN_NAME -> span.getName();
      case SPAN_KIND ->
          span.getKind() == Span.SpanKind.UNRECOGNIZED
              ? Integer.toString(span.getKindValue())
              : span.getKind().name();
      case STATUS_CODE ->
          span.getStatus().getCode()
                  == io.opentelemetry.proto.trace.v1.Status.StatusCode.UNRECOGNIZED
              ? Integer.toString(span.getStatus().getCodeValue())
              : span.getStatus().getCode().name();
      case STATUS_MESSAGE -> span.getStatus().getMessage();
    };
  }

  private Optional<String> attribute(String key, Resource resource, Span span) {
    boolean emptyHides = rules.values().emptyHides();
    return first(resource.getAttributesList(), key)
        .filter(value -> emptyHides || !value.isEmpty())
        .or(() -> first(span.getAttributesList(), key))
        .filter(value -> emptyHides || !value.isEmpty());
  }

  private Optional<String> first(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .findFirst()
        .map(attribute -> text(attribute.getValue()));
  }

  private String dimensionLabel(String key) {
    String label = sanitised(key);
    boolean isTarget =
        settings.targetInfo().enabled()
            && !settings.lastDimensionDecides()
            && List.of("job", "instance").contains(label);
    return cut(INTRINSICS.contains(label) || isTarget ? "__" + label : label);
  }

  private static String sanitised(String key) {
    return key.codePoints()
        .mapToObj(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_') ? (char) c + "" : "_")
        .collect(Collectors.joining());
  }

  private String cut(String name) {
    return rules.maxNameBytes() == 0
        ? name
        : name.substring(0, Math.min(name.length(), rules.maxNameBytes()));
  }

  private String job(Resource resource) {
    String name = first(resource.getAttributesList(), "service.name").orElse("");
    String namespace = first(resource.getAttributesList(), "service.namespace").orElse("");
    return name.isEmpty() || namespace.isEmpty() ? name : namespace + "/" + name;
  }

  private String instance(Resource resource) {
    return settings.targetInfo().instanceLabel()
        ? first(resource.getAttributesList(), "service.instance.id").orElse("")
        : "";
  }

  private Optional<Map<String, String>> target(Resource resource) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (KeyValue attribute : resource.getAttributesList()) {
      String key = attribute.getKey();
      if (!key.isEmpty()
          && !Character.isDigit(key.charAt(0))
          && !TARGET_KEYS.contains(key)
          && !settings.targetInfo().excluded().contains(key)) {
        labels.put(targetLabel(key), text(attribute.getValue()));
      }
    }
    labels.values().removeIf(String::isEmpty);
    String job = job(resource);
    String instance = instance(resource);
    if (labels.isEmpty() || (job + instance).isEmpty()) {
      return Optional.empty();
    }
    putIfAny(labels, "job", job);
    putIfAny(labels, "instance", instance);
    return Optional.of(labels);
  }

  private String targetLabel(String key) {
    String label = sanitised(key);
    boolean isTaken = INTRINSICS.contains(label) || List.of("job", "instance").contains(label);
    return cut(isTaken ? "__" + label : label);
  }

  private String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> RandomSpans.DOUBLES.getOrDefault(value.getDoubleValue(), "?");
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(this::element)
              .collect(Collectors.joining(separator(), "[", "]"));
      case KVLIST_VALUE ->
          value.getKvlistValue().getValuesList().stream()
              .map(entry -> key(entry.getKey()) + ":" + element(entry.getValue()))
              .collect(Collectors.joining(separator(), "{", "}"));
      default -> "";
    };
  }

  private String separator() {
    return rules.values().jsonLists() ? "," : "";
  }

  private String key(String key) {
    return rules.values().jsonLists() ? quoted(key) : key;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private String element(AnyValue value) {
    if (!rules.values().jsonLists()) {
      return text(value);
    }
    return switch (value.getValueCase()) {
      case STRING_VALUE -> quoted(value.getStringValue());
      case DOUBLE_VALUE ->
          Double.isFinite(value.getDoubleValue())
              ? text(value)
              : quoted(Double.toString(value.getDoubleValue()));
      case BYTES_VALUE ->
          quoted(Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
      case VALUE_NOT_SET -> "null";
      default -> text(value);
    };
  }

  /** Labels as text; empty if a value is not UTF-8. */
  private Optional<String> labels(Map<String, String> values) {
    Map<String, String> labels = new TreeMap<>(values);
    labels.keySet().removeAll(rules.overwritten());
    labels.replaceAll((name, value) -> truncated(value));
    labels.values().removeIf(String::isEmpty);
    return labels.values().stream().anyMatch(value -> value.contains("~"))
        ? Optional.empty()
        : Optional.of(
            labels.entrySet().stream()
                .map(label -> label.getKey() + '=' + label.getValue())
                .collect(Collectors.joining(", ")));
  }

  private String truncated(String value) {
    ByteString bytes = ByteString.copyFromUtf8(value);
    int kept = rules.maxValueBytes();
    if (kept == 0 || bytes.size() <= kept) {
      return value;
    }
    while (kept > 0 && !bytes.substring(0, kept).isValidUtf8()) {
      kept--;
    }
    return bytes.substring(0, kept).toString(UTF_8);
  }
}
