package dev.weir.streams.spanmetrics;

import com.google.protobuf.ByteString;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.testing.Attributes;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings and spans with awkward names and values; both are those of a seed. */
final class RandomSpans {
  /** Stands for a byte that is not UTF-8, in pairs; occurs nowhere else. */
  static final String BROKEN = "~~";

  /** A span of this name is filtered. */
  static final String NOISE = "noise";

  /** Doubles as labels tell them. */
  static final Map<Double, String> DOUBLES = doubles();

  private static final List<String> KEYS =
      List.of(
          "service.name",
          "service.namespace",
          "service.instance.id",
          "service",
          "span.kind",
          "span_kind",
          "status.message",
          "job",
          "instance",
          "1st",
          "größe",
          "a.b",
          "a-b",
          "a_b",
          "k8s.pod.annotation.one",
          "k8s.pod.annotation.two");
  private static final List<String> TEXTS =
      List.of(
          "", "a", "b", "value", "€uro", "x€€", "br" + BROKEN, BROKEN + "ken", "long".repeat(9));
  private static final List<Long> DURATIONS =
      List.of(-1L, 0L, 1L, 1_999_999L, 2_000_000L, 2_000_001L, 1_000_000_000L, 1L << 60);

  private final RandomGenerator random;

  RandomSpans(long seed) {
    this.random = new SplittableRandom(seed);
  }

  private static Map<Double, String> doubles() {
    Map<Double, String> texts = new HashMap<>();
    texts.put(1e21, "1000000000000000000000");
    texts.put(3.0, "3");
    texts.put(-0.0, "-0");
    texts.put(0.1, "0.1");
    texts.put(1e-7, "0.0000001");
    texts.put(-2.5, "-2.5");
    texts.put(Double.NaN, "NaN");
    texts.put(Double.POSITIVE_INFINITY, "+Inf");
    texts.put(Double.NEGATIVE_INFINITY, "-Inf");
    return texts;
  }

  SpanMetricsSettings settings() {
    FilterPolicy.Rule noise =
        new FilterPolicy.Rule("strict", List.of(new FilterPolicy.Attribute("name", NOISE)));
    boolean filters = random.nextInt(3) == 0;
    return new SpanMetricsSettings(
        true,
        bounds(),
        dimensions(),
        FilterPolicies.of(
            filters
                ? List.of(new FilterPolicy(Optional.empty(), Optional.empty(), Optional.of(noise)))
                : List.of()),
        new TargetInfoSettings(
            random.nextBoolean(), Set.copyOf(some(KEYS, 4)), random.nextInt(3) > 0),
        random.nextInt(3) == 0,
        SeriesSettings.DEFAULT);
  }

  private HistogramBounds bounds() {
    TreeSet<Double> bounds = new TreeSet<>(List.of(0.002));
    for (int i = random.nextInt(5); i > 0; i--) {
      bounds.add(List.of(0.001, 0.512, 1.0, 5.0, 1e6).get(random.nextInt(5)));
    }
    return new HistogramBounds(List.copyOf(bounds));
  }

  private Dimensions dimensions() {
    List<String> attributes = some(KEYS, 3);
    if (random.nextInt(4) == 0) {
      attributes.addAll(List.copyOf(attributes));
    }
    Set<Intrinsic> intrinsics =
        Arrays.stream(Intrinsic.values())
            .filter(intrinsic -> random.nextInt(4) > 0)
            .collect(Collectors.toSet());
    try {
      return new Dimensions(intrinsics, attributes, mappings());
    } catch (IllegalArgumentException e) { // a mapping is called as another label is
      return new Dimensions(intrinsics, attributes, List.of());
    }
  }

  private List<DimensionMapping> mappings() {
    return Stream.of("joined", "a.b.c", "job", "status_message")
        .filter(name -> random.nextInt(3) == 0)
        .map(
            name ->
                new DimensionMapping(
                    name, List.of("", "/", "->").get(random.nextInt(3)), sources()))
        .toList();
  }

  private List<String> sources() {
    List<String> sources = some(KEYS, 4);
    return sources.isEmpty() ? List.of("nowhere") : sources;
  }

  LabelRules rules() {
    return new LabelRules(
        random.nextInt(3) == 0 ? LabelRules.SHORTEST_NAME_LIMIT : 0,
        random.nextInt(3) == 0 ? random.nextInt(1, 9) : 0,
        random.nextInt(4) == 0 ? Set.of("a_b", "span_kind", "job") : Set.of());
  }

  /** One in so many of them, in any order. */
  private List<String> some(List<String> all, int oneIn) {
    List<String> some = new ArrayList<>(all);
    some.removeIf(key -> random.nextInt(oneIn) > 0);
    Collections.shuffle(some, new java.util.Random(random.nextLong()));
    return some;
  }

  TracesData record() {
    TracesData.Builder data = TracesData.newBuilder();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      var of = data.addResourceSpansBuilder();
      of.setResource(Resource.newBuilder().addAllAttributes(attributes(true)));
      for (int scopes = random.nextInt(3); scopes > 0; scopes--) {
        var scope = of.addScopeSpansBuilder();
        scope.getScopeBuilder().addAllAttributes(attributes(false));
        for (int spans = random.nextInt(4); spans > 0; spans--) {
          scope.addSpans(span());
        }
      }
    }
    return data.build();
  }

  private Span span() {
    long start = random.nextInt(5) == 0 ? 0 : 1_700_000_000_123_456_789L;
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
            .setName(random.nextInt(6) == 0 ? NOISE : text())
            .setKindValue(random.nextInt(-1, 8))
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + DURATIONS.get(random.nextInt(DURATIONS.size())))
            .addAllAttributes(attributes(false));
    if (random.nextBoolean()) {
      span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(-1, 5)).setMessage(text()));
    }
    return span.build();
  }

  private List<KeyValue> attributes(boolean ofResource) {
    List<KeyValue> attributes = new ArrayList<>();
    for (String key : some(KEYS, ofResource ? 3 : 2)) {
      attributes.add(Attributes.attribute(key, value(0)));
      if (random.nextInt(8) == 0) {
        attributes.add(Attributes.attribute(key, value(0)));
      }
    }
    if (random.nextInt(8) == 0) {
      attributes.add(Attributes.attribute("", "no key"));
    }
    Collections.shuffle(attributes, new java.util.Random(random.nextLong()));
    return attributes;
  }

  private AnyValue value(int depth) {
    return switch (random.nextInt(depth < 2 ? 12 : 8)) {
      case 0 -> AnyValue.getDefaultInstance();
      case 1 -> Attributes.of(random.nextBoolean());
      case 2 -> Attributes.of(List.of(0L, 7L, -1L, Long.MIN_VALUE).get(random.nextInt(4)));
      case 3 -> Attributes.of(List.copyOf(DOUBLES.keySet()).get(random.nextInt(DOUBLES.size())));
      case 4 -> Attributes.of(new byte[] {1, 2});
      case 8 -> Attributes.of(List.of(value(depth + 1), value(depth + 1)));
      case 9 -> Attributes.of(Map.of(text(), value(depth + 1)));
      default -> Attributes.of(text());
    };
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }
}
