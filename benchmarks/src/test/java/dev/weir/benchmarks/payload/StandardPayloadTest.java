package dev.weir.benchmarks.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.benchmarks.payload.Payload.SpansRecord;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class StandardPayloadTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void shouldHaveTheShapeThatItsDescriptionGives() throws Exception {
    StandardPayload payload = new StandardPayload(1, START);
    Set<List<Object>> labelSets = new HashSet<>();
    Set<Object> ids = new HashSet<>();
    Set<Integer> attributes = new HashSet<>();
    long spans = 0;
    long bytes = 0;
    for (int i = 0; i < 1000; i++) {
      SpansRecord next = payload.next();
      TracesData message = TracesData.parseFrom(next.value());
      assertThat(message.getResourceSpansList()).hasSize(10);
      for (ResourceSpans group : message.getResourceSpansList()) {
        assertThat(group.getResource().getAttributesList()).hasSize(11);
        for (Span span : group.getScopeSpans(0).getSpansList()) {
          attributes.add(span.getAttributesCount());
          labelSets.add(
              List.of(
                  group.getResource().getAttributes(0),
                  span.getName(),
                  span.getKind(),
                  span.getStatus().getCode()));
          ids.add(span.getSpanId());
        }
      }
      assertThat(next.spans()).isBetween(100, 500);
      spans += next.spans();
      bytes += next.value().length;
    }
    assertThat(attributes).containsExactly(11);
    assertThat(labelSets).hasSize(1209);
    assertThat((long) ids.size()).isEqualTo(spans);
    assertThat(bytes / (double) spans).isCloseTo(506, Percentage.withPercentage(2));
    assertThat(spans / 1000.0).isCloseTo(300, within(10.0));
  }

  @Test
  void shouldHaveAServerSpanForMostClientSpans() throws Exception {
    Map<Object, Span> byParent = new HashMap<>();
    List<Span> clients = new ArrayList<>();
    StandardPayload payload = new StandardPayload(1, START);
    TracesData message = TracesData.parseFrom(payload.next().value());
    for (ResourceSpans group : message.getResourceSpansList()) {
      for (Span span : group.getScopeSpans(0).getSpansList()) {
        byParent.put(span.getParentSpanId(), span);
        if (span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT) {
          clients.add(span);
        }
      }
    }
    assertThat(clients)
        .filteredOn(client -> byParent.containsKey(client.getSpanId()))
        .hasSizeGreaterThan(clients.size() / 2)
        .allSatisfy(
            client -> {
              Span server = byParent.get(client.getSpanId());
              assertThat(server.getTraceId()).isEqualTo(client.getTraceId());
              assertThat(server.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            });
  }

  @Test
  void shouldGiveTheSameBytesForTheSameSeedAndStart() {
    byte[] first = new StandardPayload(3, START).next().value();

    assertThat(new StandardPayload(3, START).next().value()).isEqualTo(first);
    assertThat(new StandardPayload(4, START).next().value()).isNotEqualTo(first);
    assertThat(new StandardPayload(3, START.plusSeconds(1)).next().value())
        .hasSameSizeAs(first)
        .isNotEqualTo(first);
  }
}
