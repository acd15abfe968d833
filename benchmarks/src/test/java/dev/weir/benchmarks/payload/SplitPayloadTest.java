package dev.weir.benchmarks.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.benchmarks.payload.Payload.SpansRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SplitPayloadTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void shouldPutTheSidesOfEveryCallIntoTheTwoRecordsOfAPair() throws Exception {
    SplitPayload payload = new SplitPayload(1, START, 3);
    SpansRecord first = payload.next();
    SpansRecord second = payload.next();
    List<Span> even = spans(first);
    List<Span> odd = spans(second);

    assertThat(first.traces()).isEqualTo(second.traces()).isNotEqualTo(payload.next().traces());
    assertThat(even).hasSize(first.spans());
    assertThat(odd).hasSize(second.spans());
    assertThat(parents(even)).isSubsetOf(ids(odd));
    assertThat(parents(odd)).isSubsetOf(ids(even));
    assertThat(even).extracting(Span::getKind).doesNotContain(Span.SpanKind.SPAN_KIND_INTERNAL);
  }

  @Test
  void shouldGiveTheSameBytesForTheSameSeedAndStart() {
    byte[] first = new SplitPayload(3, START, 2).next().value();

    assertThat(new SplitPayload(3, START, 2).next().value()).isEqualTo(first);
    assertThat(new SplitPayload(4, START, 2).next().value()).isNotEqualTo(first);
  }

  private static List<Span> spans(SpansRecord record) throws Exception {
    return TracesData.parseFrom(record.value()).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpans(0).getSpansList().stream())
        .toList();
  }

  /** Parents of servers: the clients on the other side. */
  private static Set<Object> parents(List<Span> spans) {
    return spans.stream()
        .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
        .filter(span -> !span.getParentSpanId().isEmpty())
        .map(Span::getParentSpanId)
        .collect(Collectors.toSet());
  }

  private static Set<Object> ids(List<Span> spans) {
    return spans.stream().map(Span::getSpanId).collect(Collectors.toSet());
  }
}
