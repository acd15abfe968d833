package dev.weir.ingester.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.schemas.otlp.MalformedOtlpException;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scanner and extractor against protobuf-java as the slow model. */
class TraceBytesTest {
  private static final List<TraceId> TRACES =
      List.of(new TraceId(1, 2), new TraceId(0, 3), new TraceId(-1, -1));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void shouldAgreeWithTheModel(long seed) throws Exception {
    TracesData data = OtlpSpans.random(new Random(seed), TRACES);
    ScannedTraces scanned = new TraceScanner().scan(data.toByteArray());
    assertThat(scanned.ids()).isEqualTo(idsOf(data));
    assertThat(scanned.spans()).isEqualTo(OtlpSpans.names(data).size());
    for (TraceId trace : TRACES) {
      byte[] extracted = new TraceExtractor(trace).extract(data.toByteArray());
      assertThat(TracesData.parseFrom(extracted)).isEqualTo(only(data, OtlpSpans.bytes(trace)));
    }
  }

  @Test
  void shouldRefuseEveryTruncationThatProtobufRefuses() {
    byte[] whole = OtlpSpans.random(new Random(5), TRACES).toByteArray();
    TraceScanner scanner = new TraceScanner();
    // a message may end between two of its top-level fields only
    int accepted = 0;
    for (int length = 0; length < whole.length; length++) {
      accepted += isAccepted(scanner, Arrays.copyOf(whole, length)) ? 1 : 0;
    }
    assertThat(accepted).isBetween(1, 3);
  }

  @Test
  void shouldSurviveAnyBytes() {
    Random random = new Random(6);
    byte[] whole = OtlpSpans.random(new Random(5), TRACES).toByteArray();
    TraceScanner scanner = new TraceScanner();
    for (int i = 0; i < 5_000; i++) {
      byte[] broken = whole.clone();
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      boolean accepted = isAccepted(scanner, broken);
      assertThat(canExtract(broken)).isEqualTo(accepted);
    }
  }

  @Test
  void shouldCountSpansThatBelongToNoTrace() throws Exception {
    Span without = OtlpSpans.span(TRACES.get(0), 1, "a").toBuilder().clearTraceId().build();
    TracesData data = OtlpSpans.of("shop", without, OtlpSpans.span(TRACES.get(1), 2, "b"));
    ScannedTraces scanned = new TraceScanner().scan(data.toByteArray());
    assertThat(scanned.spansWithoutTrace()).isEqualTo(1);
    assertThat(scanned.ids()).containsExactly(TRACES.get(1));
  }

  @Test
  void shouldCopyFieldsItDoesNotKnow() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addFixed32(7).build())
            .build();
    TracesData data = OtlpSpans.of("shop", OtlpSpans.span(TRACES.get(0), 1, "a"));
    TracesData.Builder extended = data.toBuilder();
    extended.getResourceSpansBuilder(0).setUnknownFields(unknown);
    byte[] bytes = extended.build().toByteArray();
    assertThat(new TraceExtractor(TRACES.get(0)).extract(bytes)).isEqualTo(bytes);
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThatThrownBy(() -> new TraceScanner().scan(new byte[] {0x0A, 5, 0}))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("length 5");
  }

  private static boolean isAccepted(TraceScanner scanner, byte[] bytes) {
    try {
      return scanner.scan(bytes) != null;
    } catch (MalformedOtlpException e) {
      return false;
    }
  }

  private static boolean canExtract(byte[] bytes) {
    try {
      return new TraceExtractor(TRACES.get(0)).extract(bytes) != null;
    } catch (MalformedOtlpException e) {
      return false;
    }
  }

  private static Set<TraceId> idsOf(TracesData data) {
    Set<TraceId> ids = new LinkedHashSet<>();
    for (ResourceSpans resource : data.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          byte[] id = span.getTraceId().toByteArray();
          ids.add(TraceId.ofBytes(id, 0, id.length).orElseThrow());
        }
      }
    }
    return ids;
  }

  private static TracesData only(TracesData data, ByteString trace) {
    TracesData.Builder only = TracesData.newBuilder();
    for (ResourceSpans resource : data.getResourceSpansList()) {
      ResourceSpans.Builder kept = resource.toBuilder().clearScopeSpans();
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        List<Span> spans =
            scope.getSpansList().stream().filter(span -> span.getTraceId().equals(trace)).toList();
        if (!spans.isEmpty()) {
          kept.addScopeSpans(scope.toBuilder().clearSpans().addAllSpans(spans));
        }
      }
      if (kept.getScopeSpansCount() > 0) {
        only.addResourceSpans(kept);
      }
    }
    return only.build();
  }
}
