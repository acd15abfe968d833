package dev.weir.testing;

import static dev.weir.testing.SpanFixtures.aSpan;
import static dev.weir.testing.SpanFixtures.aTrace;
import static dev.weir.testing.SpanFixtures.tracesData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpanFixturesTest {
  @Test
  void shouldSayWhatASpanWasToldAndDefaultTheRest() throws Exception {
    byte[] bytes =
        aSpan()
            .named("GET /cart")
            .clientOf("cart")
            .lasting(Duration.ofMillis(20))
            .failed()
            .toBytes();

    ResourceSpans group = TracesData.parseFrom(bytes).getResourceSpans(0);
    Span span = group.getScopeSpans(0).getSpans(0);
    assertThat(span.getName()).isEqualTo("GET /cart");
    assertThat(span.getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(20_000_000);
    assertThat(span.getAttributesList())
        .containsExactly(Attributes.attribute("peer.service", "cart"));
    assertThat(group.getResource().getAttributesList())
        .containsExactly(Attributes.attribute("service.name", "frontend"));
  }

  @Test
  void shouldNotChangeTheSpanThatAnotherWasMadeFrom() {
    SpanFixture original = aSpan();
    Span before = original.span();

    Span varied = original.named("other").startingAt(Instant.EPOCH).with("k", 1).span();

    assertThat(original.span()).isEqualTo(before).isNotEqualTo(varied);
    assertThat(varied.getEndTimeUnixNano()).isEqualTo(10_000_000);
  }

  @Test
  void shouldReplaceAnAttributeOfTheSameKey() {
    List<KeyValue> attributes =
        aSpan().with("k", 1L).with("k", List.of(true)).span().getAttributesList();

    assertThat(attributes).containsExactly(Attributes.attribute("k", List.of(true)));
    assertThatThrownBy(() -> Attributes.of(Map.of("k", 'c')))
        .hasMessageContaining("java.lang.Character");
  }

  @Test
  void shouldHangTheServerBelowItsClient() {
    List<Span> spans =
        aTrace()
            .numbered(7)
            .calling("frontend", "cart")
            .callingDatabase("cart", "redis", "carts")
            .spans()
            .map(SpanFixture::span)
            .toList();

    assertThat(spans).extracting(Span::getTraceId).containsOnly(SpanFixture.traceId(7));
    assertThat(spans)
        .extracting(Span::getKind)
        .containsExactly(
            SpanKind.SPAN_KIND_CLIENT, SpanKind.SPAN_KIND_SERVER, SpanKind.SPAN_KIND_CLIENT);
    assertThat(spans.get(0).getParentSpanId()).isEmpty();
    assertThat(spans.get(1).getParentSpanId()).isEqualTo(spans.get(0).getSpanId());
    assertThat(spans.get(2).getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
  }

  @Test
  void shouldKeepTheSpansOfAResourceTogether() {
    TracesData message =
        tracesData(
            aTrace().enteringAt("a").sending("a", "b", "t"), aTrace().numbered(2).enteringAt("b"));

    assertThat(message.getResourceSpansList())
        .extracting(group -> group.getScopeSpans(0).getSpansCount())
        .containsExactly(2, 2);
  }
}
