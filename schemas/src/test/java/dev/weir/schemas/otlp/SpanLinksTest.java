package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.schemas.topic.SpanCodec;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpanLinksTest {
  private static final ByteString TRACE = ByteString.copyFromUtf8("0123456789abcdef");
  private static final ByteString ID = ByteString.copyFromUtf8("spanspan");

  @Test
  void shouldShowWhatProtobufJavaReads() throws Exception {
    int links = 0;
    for (long seed = 1; seed <= 3000; seed++) {
      byte[] message = new RandomMessages(seed).next(TracesData.getDescriptor());
      List<String> expected = new ArrayList<>();
      for (ResourceSpans of : TracesData.parseFrom(message).getResourceSpansList()) {
        for (ScopeSpans scope : of.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> expected.add(text(span.getLinksList())));
        }
      }
      assertThat(read(message)).as("seed %d", seed).isEqualTo(expected);
      links += String.join("", expected).length();
    }
    assertThat(links).isGreaterThan(1000);
  }

  private static String text(List<Span.Link> links) {
    StringBuilder text = new StringBuilder();
    for (Span.Link link : links) {
      text.append(text(link.getTraceId().toByteArray(), link.getSpanId().toByteArray()));
    }
    return text.toString();
  }

  private static String text(byte[] trace, byte[] span) {
    return "%s/%s ".formatted(Arrays.toString(trace), Arrays.toString(span));
  }

  private static List<String> read(byte[] message) throws MalformedOtlpException {
    List<String> seen = new ArrayList<>();
    SpanLinks links = new SpanLinks();
    SpanVisitor visitor =
        new SpanVisitor() {
          @Override
          public void resource(ResourceView resource) {}

          @Override
          public void span(SpanView span) throws MalformedOtlpException {
            StringBuilder text = new StringBuilder();
            links.of(span);
            while (links.next()) {
              text.append(
                  text(
                      slice(span, links.traceIdOffset(), links.traceIdLength()),
                      slice(span, links.spanIdOffset(), links.spanIdLength())));
            }
            seen.add(text.toString());
          }
        };
    new TracesDataReader().read(SpanCodec.OTLP, message, visitor);
    return seen;
  }

  private static byte[] slice(SpanView span, int offset, int length) {
    return Arrays.copyOfRange(span.buffer(), offset, offset + length);
  }

  @Test
  void shouldRefuseABrokenLinkWhenItIsAskedForAndNotBefore() {
    Span span = Span.newBuilder().addLinks(Span.Link.newBuilder().setTraceId(TRACE)).build();
    byte[] message =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder().addSpans(span.toBuilder().setSpanId(ID))))
            .build()
            .toByteArray();
    message[indexOf(message, (byte) 16)] = 17;

    assertThatThrownBy(() -> read(message)).isInstanceOf(MalformedOtlpException.class);
  }

  private static int indexOf(byte[] message, byte value) {
    int index = message.length - 1;
    while (message[index] != value) {
      index--;
    }
    return index;
  }
}
