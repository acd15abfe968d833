package dev.weir.streams.spanmetrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesSettings;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TargetInfoTest {
  private static final byte[] TENANT = {'t'};
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(1.0));
  private static final Dimensions NO_DIMENSIONS = new Dimensions(Set.of(), List.of(), List.of());
  private static final Span.Builder GET = Span.newBuilder().setName("GET");

  private final TracesDataReader reader = new TracesDataReader();
  private boolean lastDimensionDecides;
  private LabelRules rules = LabelRules.NONE;
  private SpanMetrics metrics = metrics(NO_DIMENSIONS, Set.of(), true);

  @Test
  void shouldTellJobAndInstance() {
    accept("service.name=shop", "service.namespace=buy", "service.instance.id=i");

    assertThat(drain(MetricGroup.SPAN_METRICS)).containsOnly("instance=i, job=buy/shop");
  }

  @Test
  void shouldNotTellOfATargetOfWhichNothingElseIsKnown() {
    accept("service.name=shop", "service.namespace=buy", "service.instance.id=i");

    assertThat(drain(MetricGroup.TARGET_INFO)).isEmpty();
  }

  @Test
  void shouldTellAttributesOfTheResourceBesideJobAndInstance() {
    accept(
        "service.name=shop",
        "service.instance.id=i",
        "job=x",
        "instance=y",
        "span.name=z",
        "target-ip=1");

    assertThat(drain(MetricGroup.TARGET_INFO))
        .containsOnly("__instance=y, __job=x, __span_name=z, instance=i, job=shop, target_ip=1");
  }

  @Test
  void shouldHaveNoJobWithoutAServiceAndNoSlashWithoutANamespace() {
    accept("service.namespace=buy", "ip=1");
    accept("service.namespace=buy", "service.name=", "ip=1");
    accept("service.namespace=", "service.name=shop", "ip=2");

    assertThat(drain(MetricGroup.TARGET_INFO)).containsOnly("ip=2, job=shop");
  }

  @Test
  void shouldTakeTheFirstOfSeveralNamesAndTheLastOfSeveralAttributes() {
    accept("service.name=1", "service.name=2", "a.b=3", "a_b=4", "c.d=5", "c.d=");

    assertThat(drain(MetricGroup.TARGET_INFO)).containsOnly("a_b=4, job=1");
  }

  @Test
  void shouldTellNothingThatHasNoUsableNameOrNoValueOrIsExcluded() {
    metrics = metrics(NO_DIMENSIONS, Set.of("container.id"), true);

    accept("service.name=a", "=x", "5bad=x", "empty=", "container.id=x", "__name__=x");
    accept("service.name=b", "container_id=x", "container.id=y");

    assertThat(drain(MetricGroup.TARGET_INFO)).containsOnly("container_id=x, job=b");
  }

  @Test
  void shouldDoWithoutInstanceIfToldSo() {
    metrics = metrics(NO_DIMENSIONS, Set.of(), false);

    accept("service.name=a", "service.instance.id=1", "ip=1");
    accept("service.name=a", "service.instance.id=2", "ip=1");
    accept("service.instance.id=2", "ip=1");

    assertThat(drain(MetricGroup.TARGET_INFO)).containsOnly("ip=1, job=a");
  }

  @Test
  void shouldTellADimensionCalledJobBesideTheRealJob() {
    metrics = metrics(new Dimensions(Set.of(), List.of("job"), List.of()), Set.of(), true);

    accept("service.name=real", "job=other");
    accept("job=other");

    assertThat(drain(MetricGroup.SPAN_METRICS))
        .containsOnly("__job=other, job=real", "__job=other");
  }

  @Test
  void shouldLetTheRealJobHideADimensionOfThatNameIfToldSo() {
    lastDimensionDecides = true;
    metrics = metrics(new Dimensions(Set.of(), List.of("job"), List.of()), Set.of(), true);

    accept("service.name=real", "job=other");
    accept("job=other");

    assertThat(drain(MetricGroup.SPAN_METRICS)).containsOnly("job=real", "job=other");
  }

  @Test
  void shouldLetTheLastOfTwoDimensionsDecideEvenIfItIsAbsentIfToldSo() {
    lastDimensionDecides = true;
    metrics = metrics(new Dimensions(Set.of(), List.of("a.b", "a_b"), List.of()), Set.of(), true);

    accept("service.name=x", "a.b=1", "a_b=2");
    accept("service.name=y", "a.b=1");

    assertThat(drain(MetricGroup.SPAN_METRICS)).containsOnly("a_b=2, job=x", "job=y");
  }

  @Test
  void shouldCutNamesAndTellTheLastOfThoseThatBecomeEqual() {
    rules = new LabelRules(16, 0, Set.of());
    metrics =
        metrics(
            new Dimensions(Set.of(), List.of("0123456789abcdefX", "0123456789abcdefY"), List.of()),
            Set.of(),
            true);

    accept("service.name=x", "a123456789abcdefX=1", "a123456789abcdefY=2");
    accept("service.name=y", "0123456789abcdefX=1", "0123456789abcdefY=2");
    accept("service.name=z", "0123456789abcdefX=1");

    assertThat(drain(MetricGroup.SPAN_METRICS))
        .containsOnly("job=x", "0123456789abcdef=2, job=y", "0123456789abcdef=1, job=z");
    accept("service.name=x", "a123456789abcdefX=1", "a123456789abcdefY=2");
    assertThat(drain(MetricGroup.TARGET_INFO)).contains("a123456789abcdef=2, job=x");
  }

  @Test
  void shouldTellNothingOfAResourceOfWhichNoSpanWasCounted() {
    accept(Span.newBuilder().setName("other"), "service.name=a", "ip=1");
    stage(GET, "service.name=b", "ip=1");
    metrics.discard();

    assertThat(drain(MetricGroup.TARGET_INFO)).isEmpty();
  }

  @Test
  void shouldCountSpansOfAResourceThatIsNotUtf8() {
    accept("service.name=a", "ip=~~");

    assertThat(drain(MetricGroup.SPAN_METRICS)).containsOnly("job=a");
    accept("service.name=a", "ip=~~");
    assertThat(drain(MetricGroup.TARGET_INFO)).isEmpty();
  }

  @Test
  void shouldSayNothingUnlessEnabled() {
    metrics = new SpanMetrics(TENANT, new SpanMetricsSettings(true, BOUNDS), 1, LabelRules.NONE);

    accept("service.name=a", "service.instance.id=i", "ip=1");

    assertThat(drain(MetricGroup.SPAN_METRICS))
        .containsOnly(
            "service=a, span_kind=SPAN_KIND_UNSPECIFIED, span_name=GET,"
                + " status_code=STATUS_CODE_UNSET");
    accept("service.name=a", "service.instance.id=i", "ip=1");
    assertThat(drain(MetricGroup.TARGET_INFO)).isEmpty();
  }

  /** Counts no span of another name than {@code GET}. */
  private SpanMetrics metrics(Dimensions dimensions, Set<String> excluded, boolean instanceLabel) {
    FilterPolicy.Rule get =
        new FilterPolicy.Rule("strict", List.of(new FilterPolicy.Attribute("name", "GET")));
    FilterPolicies filter =
        FilterPolicies.of(
            List.of(new FilterPolicy(Optional.of(get), Optional.empty(), Optional.empty())));
    TargetInfoSettings targetInfo = new TargetInfoSettings(true, excluded, instanceLabel);
    return new SpanMetrics(
        TENANT,
        new SpanMetricsSettings(
            true,
            BOUNDS,
            dimensions,
            filter,
            targetInfo,
            lastDimensionDecides,
            SeriesSettings.DEFAULT),
        1,
        rules);
  }

  private void accept(String... resource) {
    accept(GET, resource);
  }

  private void accept(Span.Builder span, String... resource) {
    stage(span, resource);
    metrics.apply();
  }

  /** Stages a span; attributes are written as {@code key=value}, bytes that are not UTF-8 as ~. */
  private void stage(Span.Builder span, String... resource) {
    Resource.Builder attributes = Resource.newBuilder();
    for (String attribute : resource) {
      int equals = attribute.indexOf('=');
      attributes.addAttributes(
          KeyValue.newBuilder()
              .setKey(attribute.substring(0, equals))
              .setValue(AnyValue.newBuilder().setStringValue(attribute.substring(equals + 1))));
    }
    byte[] data =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(attributes)
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteArray();
    byte[] spoiled = new String(data, ISO_8859_1).replace('~', '\u00FF').getBytes(ISO_8859_1);
    try {
      reader.read(SpanCodec.OTLP, spoiled, visitor());
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

  /** The label sets of a group that were counted since the last call. */
  private Set<String> drain(MetricGroup group) {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    metrics.drain(
        (shard, of, flags, labels, offset, length) ->
            writer.labelSet(0, TENANT, of, flags, labels, offset, length));
    DeltaBatchReader batch = new DeltaBatchReader(writer.finish(0, 1, 0));
    Set<String> drained = new TreeSet<>();
    while (batch.next()) {
      batch.addTo(new dev.weir.schemas.delta.Tally(batch.group().vectorLength(BOUNDS.buckets())));
      if (batch.group() == group) {
        drained.add(labels(batch));
      }
    }
    return drained;
  }

  private static String labels(DeltaBatchReader batch) {
    ByteReader bytes =
        new ByteReader().reset(batch.buffer(), batch.labelsOffset(), batch.labelsLength());
    List<String> labels = new ArrayList<>();
    while (bytes.hasMore()) {
      labels.add(new String(bytes.prefixed(), UTF_8) + '=' + new String(bytes.prefixed(), UTF_8));
    }
    return String.join(", ", labels);
  }
}
