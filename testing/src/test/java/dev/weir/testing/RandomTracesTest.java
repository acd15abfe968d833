package dev.weir.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomTracesTest {
  @Test
  void shouldGiveTheSameMessagesForTheSameSeed() {
    Seeds.upTo(20)
        .check(
            seed -> {
              assertThat(new PlausibleTraces(seed).next())
                  .isEqualTo(new PlausibleTraces(seed).next())
                  .isNotEqualTo(new PlausibleTraces(seed + 1).next());
              assertThat(new HostileTraces(seed).next())
                  .isEqualTo(new HostileTraces(seed).next())
                  .isNotEqualTo(new HostileTraces(seed + 1).next());
            });
  }

  @Test
  void shouldMakeEveryKindOfPlausibleSpan() {
    List<Span> spans = spans(new PlausibleTraces(1).next());
    for (long seed = 2; seed < 50; seed++) {
      spans.addAll(spans(new PlausibleTraces(seed).next()));
    }
    assertThat(spans)
        .extracting(Span::getKind)
        .contains(
            SpanKind.SPAN_KIND_CLIENT,
            SpanKind.SPAN_KIND_SERVER,
            SpanKind.SPAN_KIND_PRODUCER,
            SpanKind.SPAN_KIND_CONSUMER);
    assertThat(spans)
        .allSatisfy(
            span ->
                assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano()));
  }

  @Test
  void shouldMakeEveryHostileShapeAndStayReadable() throws Exception {
    List<Span> spans = new ArrayList<>();
    List<Integer> unknown = new ArrayList<>();
    for (long seed = 1; seed <= 300; seed++) {
      TracesData message = TracesData.parseFrom(new HostileTraces(seed).next());
      spans.addAll(spans(message));
      unknown.addAll(message.getUnknownFields().asMap().keySet());
    }
    assertThat(unknown).isNotEmpty();
    assertThat(spans).anyMatch(span -> span.getEndTimeUnixNano() < span.getStartTimeUnixNano());
    assertThat(spans).anyMatch(span -> span.getTraceId().size() > 16);
    assertThat(spans).anyMatch(span -> span.getKind() == SpanKind.UNRECOGNIZED);
    assertThat(spans.stream().flatMap(span -> span.getAttributesList().stream()))
        .extracting(KeyValue::getValue)
        .extracting(AnyValue::getValueCase)
        .contains(
            AnyValue.ValueCase.STRING_VALUE,
            AnyValue.ValueCase.BOOL_VALUE,
            AnyValue.ValueCase.INT_VALUE,
            AnyValue.ValueCase.DOUBLE_VALUE,
            AnyValue.ValueCase.ARRAY_VALUE,
            AnyValue.ValueCase.KVLIST_VALUE,
            AnyValue.ValueCase.BYTES_VALUE,
            AnyValue.ValueCase.VALUE_NOT_SET);
  }

  @Test
  void shouldNameTheSeedOfAFailure() {
    assertThatThrownBy(() -> Seeds.upTo(10).check(seed -> assertThat(seed).isLessThan(7)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("seed 7: ");
  }

  private static List<Span> spans(TracesData message) {
    return new ArrayList<>(
        message.getResourceSpansList().stream()
            .flatMap(group -> group.getScopeSpansList().stream())
            .flatMap(scope -> scope.getSpansList().stream())
            .toList());
  }
}
