package dev.weir.streams.spanmetrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.series.HistogramBounds;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpanMetricsTest {
  private static final byte[] TENANT = {'t'};
  private static final HistogramBounds BOUNDS = new HistogramBounds(java.util.List.of(0.5, 1.0));
  private static final AttributeKeys KEYS = new AttributeKeys(java.util.List.of("service.name"));
  private static final String SERVER_OF_SHOP =
      "service=shop, span_kind=SPAN_KIND_SERVER, span_name=GET, status_code=STATUS_CODE_UNSET";

  private final SpanMetrics metrics = new SpanMetrics(TENANT, BOUNDS, 4, 0);

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
      new TracesDataReader(KEYS).read(SpanCodec.OTLP, bytes, visitor());
    } catch (MalformedOtlpException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private SpanVisitor visitor() {
    return new SpanVisitor() {
      @Override
      public void resource(AttributeValues attributes) throws MalformedOtlpException {
        metrics.resource(attributes, 0);
      }

      @Override
      public void span(SpanView span) {
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
    metrics
        .table()
        .drain(
            (shard, group, labels, offset, length) ->
                writer.labelSet(0, TENANT, group, labels, offset, length));
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));
    Map<String, String> drained = new TreeMap<>();
    while (reader.next()) {
      int length = MetricGroup.SPAN_METRICS.vectorLength(BOUNDS.buckets());
      Amounts amounts = new Amounts(length);
      reader.addAmountsTo(amounts);
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
