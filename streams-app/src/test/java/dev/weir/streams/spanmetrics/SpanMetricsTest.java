package dev.weir.streams.spanmetrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.filter.FilterPolicy.Attribute;
import dev.weir.streams.filter.FilterPolicy.Rule;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesSettings;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpanMetricsTest {
  private static final byte[] TENANT = {'t'};
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(0.5, 1.0));
  private static final String SERVER_OF_SHOP =
      "service=shop, span_kind=SPAN_KIND_SERVER, span_name=GET, status_code=STATUS_CODE_UNSET";

  private final TracesDataReader reader = new TracesDataReader();
  private SpanMetrics metrics =
      new SpanMetrics(TENANT, new SpanMetricsSettings(true, BOUNDS), 4, LabelRules.NONE);

  @Test
  void shouldCountCallsSizeAndLatencyByOperation() {
    Span.Builder span = lasting(1_000_000_000);
    for (int i = 0; i < 10; i++) {
      accept(service("shop"), span);
    }

    int size = span.build().getSerializedSize();
    assertThat(drain())
        .containsExactly(
            Map.entry(SERVER_OF_SHOP, amounts(10, 10L * size, 10_000_000_000L, 0, 10, 0)));
  }

  @Test
  void shouldCountASpanThatEndsBeforeItBeginsWithDuration0() {
    Span.Builder span = Span.newBuilder().setStartTimeUnixNano(1);

    accept(Resource.getDefaultInstance(), span);

    assertThat(drain())
        .containsExactly(
            Map.entry(
                "span_kind=SPAN_KIND_UNSPECIFIED, status_code=STATUS_CODE_UNSET",
                amounts(1, span.build().getSerializedSize(), 0, 1, 0, 0)));
  }

  @Test
  void shouldTakeTheFirstServiceNameWhateverItsType() {
    AnyValue no = AnyValue.newBuilder().setBoolValue(false).build();
    KeyValue first = KeyValue.newBuilder().setKey("service.name").setValue(no).build();

    accept(service("second").toBuilder().addAttributes(0, first).build(), lasting(1));

    assertThat(drain().keySet()).first().asString().startsWith("service=false, ");
  }

  @Test
  void shouldShowNumbersThatTheEnumsDoNotKnow() {
    accept(
        service("shop"),
        lasting(1).setKindValue(6).setStatus(Status.newBuilder().setCodeValue(-1)));

    assertThat(drain())
        .containsOnlyKeys("service=shop, span_kind=6, span_name=GET, status_code=-1");
  }

  @Test
  void shouldTellKindsAndStatusCodesApart() {
    for (Span.SpanKind kind : Span.SpanKind.values()) {
      for (Status.StatusCode code : Status.StatusCode.values()) {
        if (kind != Span.SpanKind.UNRECOGNIZED && code != Status.StatusCode.UNRECOGNIZED) {
          accept(
              service("s"), lasting(1).setKind(kind).setStatus(Status.newBuilder().setCode(code)));
        }
      }
    }

    assertThat(drain())
        .hasSize(18)
        .containsKey(
            "service=s, span_kind=SPAN_KIND_CONSUMER, span_name=GET, status_code=STATUS_CODE_ERROR");
  }

  @Test
  void shouldNotCountASpanWhoseNameIsNotUtf8() {
    Span.Builder spoiled = lasting(1).setName("~~");

    accept(service("shop"), spoiled);
    accept(service("shop"), spoiled);

    assertThat(drain()).isEmpty();
    assertThat(metrics.takeInvalid()).isEqualTo(2);
    assertThat(metrics.takeInvalid()).isZero();
  }

  @Test
  void shouldCountNothingOfARecordThatWasDiscarded() {
    stage(service("shop"), lasting(1));
    metrics.discard();
    accept(service("shop"), lasting(2));

    assertThat(drain().values()).first().asString().startsWith("[1, ");
  }

  @Test
  void shouldStageMoreSpansThanItHasRoomFor() {
    IntStream.range(0, 2_000).forEach(i -> stage(service("shop"), lasting(1)));
    metrics.apply();

    assertThat(drain().get(SERVER_OF_SHOP)).startsWith("[2000, ");
  }

  @Test
  void shouldTellSpansApartByAttributesOfResourceAndSpan() {
    withDimensions("foo", "bar", "does-not-exist", "a.b");

    accept(
        with(service("shop"), "foo", "of resource"),
        lasting(1)
            .addAttributes(attribute("foo", "of span"))
            .addAttributes(attribute("bar", "1"))
            .addAttributes(attribute("bar", "2"))
            .addAttributes(attribute("a.b", "3")));

    assertThat(drain())
        .containsOnlyKeys("a_b=3, bar=1, foo=of resource, %s".formatted(SERVER_OF_SHOP));
  }

  @Test
  void shouldNotHideAnAttributeOfTheSpanBehindAnEmptyOneOfTheResource() {
    withDimensions("foo");

    accept(with(service("shop"), "foo", ""), lasting(1).addAttributes(attribute("foo", "x")));

    assertThat(drain()).containsOnlyKeys("foo=x, %s".formatted(SERVER_OF_SHOP));
  }

  @Test
  void shouldTellAnAbsentAttributeFromTheValueOfAnother() {
    withDimensions("a", "b");

    accept(service("shop"), lasting(1).addAttributes(attribute("a", "x")));
    accept(service("shop"), lasting(1).addAttributes(attribute("b", "x")));
    accept(with(service("shop"), "a", "x"), lasting(1));

    assertThat(drain())
        .containsOnlyKeys("a=x, %s".formatted(SERVER_OF_SHOP), "b=x, %s".formatted(SERVER_OF_SHOP));
  }

  @Test
  void shouldPrefixAttributesThatAreCalledLikeIntrinsicDimensions() {
    metrics =
        metrics(
            new Dimensions(
                Set.of(Intrinsic.SPAN_NAME), List.of("span.kind", "span_name"), List.of()));

    accept(
        service("shop"),
        lasting(1)
            .addAttributes(attribute("span.kind", "k"))
            .addAttributes(attribute("span_name", "n")));

    assertThat(drain()).containsOnlyKeys("__span_kind=k, __span_name=n, span_name=GET");
  }

  @Test
  void shouldLetTheLastOfTwoDimensionsOfTheSameNameDecideIfTheSpanHasIt() {
    withDimensions("a.b", "a_b");

    accept(service("one"), lasting(1).addAttributes(attribute("a.b", "first")));
    accept(
        service("two"),
        lasting(1).addAttributes(attribute("a.b", "first")).addAttributes(attribute("a_b", "2nd")));

    assertThat(drain().keySet())
        .anyMatch(labels -> labels.startsWith("a_b=first, service=one"))
        .anyMatch(labels -> labels.startsWith("a_b=2nd, service=two"));
  }

  @Test
  void shouldJoinAttributesInToOneLabel() {
    metrics =
        metrics(
            new Dimensions(
                Set.of(),
                List.of(),
                List.of(
                    DimensionMapping.parse("foo.bar=/:foo;bar"),
                    DimensionMapping.parse("first/last=->:first;middle;last"),
                    DimensionMapping.parse("first_only=, :first;none"),
                    DimensionMapping.parse("nothing=-:none"))));

    accept(
        with(service("shop"), "foo", "foo-value"),
        lasting(1)
            .addAttributes(attribute("bar", "bar-value"))
            .addAttributes(attribute("first", "1"))
            .addAttributes(attribute("middle", ""))
            .addAttributes(attribute("last", "3")));

    assertThat(drain())
        .containsOnlyKeys("first_last=1->3, first_only=1, foo_bar=foo-value/bar-value");
  }

  @Test
  void shouldTellSpansApartByTheMessageOfTheirStatus() {
    metrics = metrics(new Dimensions(Set.of(Intrinsic.STATUS_MESSAGE), List.of(), List.of()));

    accept(service("a"), lasting(1).setStatus(Status.newBuilder().setMessage("no")));
    accept(service("b"), lasting(1).setStatus(Status.newBuilder().setMessage("no")).setName("x"));

    assertThat(drain()).containsOnlyKeys("status_message=no");
  }

  @Test
  void shouldCountOnlySpansThatTheFilterLetsPass() {
    Rule shop = new Rule("regex", List.of(new Attribute("resource.service.name", "^sh")));
    FilterPolicy policy = new FilterPolicy(Optional.of(shop), Optional.empty(), Optional.empty());
    metrics =
        metrics(
            Dimensions.DEFAULT, FilterPolicies.of(List.of(policy)), TargetInfoSettings.DISABLED);

    accept(service("shop"), lasting(1));
    accept(service("cart"), lasting(1));
    stage(service("cart"), lasting(1));
    metrics.discard();

    assertThat(drain()).containsOnlyKeys(SERVER_OF_SHOP);
    assertThat(metrics.takeFiltered()).isEqualTo(1);
    assertThat(metrics.takeFiltered()).isZero();
  }

  private void withDimensions(String... attributes) {
    metrics =
        metrics(new Dimensions(Dimensions.DEFAULT.intrinsics(), List.of(attributes), List.of()));
  }

  private static SpanMetrics metrics(
      Dimensions dimensions, FilterPolicies filter, TargetInfoSettings targetInfo) {
    return new SpanMetrics(
        TENANT,
        new SpanMetricsSettings(
            true, BOUNDS, dimensions, filter, targetInfo, false, SeriesSettings.DEFAULT),
        4,
        LabelRules.NONE);
  }

  private static SpanMetrics metrics(Dimensions dimensions) {
    return metrics(dimensions, FilterPolicies.NONE, TargetInfoSettings.DISABLED);
  }

  private static Resource with(Resource resource, String key, String value) {
    return resource.toBuilder().addAttributes(attribute(key, value)).build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Span.Builder lasting(long nanos) {
    return Span.newBuilder()
        .setName("GET")
        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
        .setStartTimeUnixNano(5)
        .setEndTimeUnixNano(5 + nanos);
  }

  private static Resource service(String name) {
    AnyValue value = AnyValue.newBuilder().setStringValue(name).build();
    return Resource.newBuilder()
        .addAttributes(KeyValue.newBuilder().setKey("service.name").setValue(value))
        .build();
  }

  private void accept(Resource resource, Span.Builder span) {
    stage(resource, span);
    metrics.apply();
  }

  private void stage(Resource resource, Span.Builder span) {
    ByteString data =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(resource)
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteString();
    byte[] bytes = data.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '~' ? (byte) 0xFF : bytes[i];
    }
    try {
      reader.read(SpanCodec.OTLP, bytes, visitor());
    } catch (MalformedOtlpException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private SpanVisitor visitor() {
    return new SpanVisitor() {
      @Override
      public void resource(ResourceView resource) throws MalformedOtlpException {
        metrics.resource(resource);
      }

      @Override
      public void span(SpanView span) throws MalformedOtlpException {
        metrics.span(span);
      }
    };
  }

  private static String amounts(long... amounts) {
    return java.util.Arrays.toString(amounts);
  }

  /** Calls, size, sum and buckets by label set. */
  private Map<String, String> drain() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    metrics.drain(
        (shard, group, flags, labels, offset, length) ->
            writer.labelSet(0, TENANT, group, flags, labels, offset, length));
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));
    Map<String, String> drained = new TreeMap<>();
    while (reader.next()) {
      int length = reader.group().vectorLength(BOUNDS.buckets());
      Tally tally = new Tally(length);
      reader.addTo(tally);
      Amounts amounts = tally.amounts();
      drained.put(
          labels(reader), IntStream.range(0, length).mapToObj(amounts::exact).toList().toString());
    }
    return drained;
  }

  private static String labels(DeltaBatchReader reader) {
    ByteReader bytes =
        new ByteReader().reset(reader.buffer(), reader.labelsOffset(), reader.labelsLength());
    StringBuilder text = new StringBuilder();
    while (bytes.hasMore()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(new String(bytes.prefixed(), UTF_8))
          .append('=')
          .append(new String(bytes.prefixed(), UTF_8));
    }
    return text.toString();
  }
}
