package dev.weir.streams.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.app.settings.YamlSection;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.testing.Attributes;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Spans as they are written in cases, as OTLP. */
final class GoldenOtlp {
  private static final Set<String> RESOURCE_KEYS = Set.of("attributes", "scope", "spans");
  private static final Set<String> SPAN_KEYS =
      Set.of(
          "name",
          "kind",
          "trace",
          "id",
          "parent",
          "start",
          "end",
          "lasts",
          "status",
          "message",
          "tracestate",
          "attributes",
          "links",
          "count");
  private static final Set<String> LINK_KEYS = Set.of("trace", "id");
  private static final byte NOT_UTF8 = (byte) 0xFF;

  private final SpanCodec codec;
  private final boolean reversed;

  /**
   * @param reversed whether resources and spans come in reverse order
   */
  GoldenOtlp(SpanCodec codec, boolean reversed) {
    this.codec = codec;
    this.reversed = reversed;
  }

  /** The value of a record. */
  ByteString value(YamlSection record) {
    TracesData.Builder data = TracesData.newBuilder();
    for (Object resource : ordered(record.list("resources"))) {
      data.addResourceSpans(resource(YamlSection.of("a resource", resource, RESOURCE_KEYS)));
    }
    ByteString traces = spoiled(data.build().toByteString());
    return codec == SpanCodec.OTLP
        ? traces
        : pushBytes(traces, record.text("skip").orElse("false").equals("true"));
  }

  private List<Object> ordered(List<Object> yaml) {
    List<Object> ordered = new ArrayList<>(yaml);
    if (reversed) {
      Collections.reverse(ordered);
    }
    return ordered;
  }

  private ResourceSpans resource(YamlSection yaml) {
    ResourceSpans.Builder resource = ResourceSpans.newBuilder();
    resource.getResourceBuilder().addAllAttributes(attributes(yaml, "attributes"));
    ScopeSpans.Builder scope = resource.addScopeSpansBuilder();
    scope.getScopeBuilder().addAllAttributes(attributes(yaml, "scope"));
    for (Object span : ordered(yaml.list("spans"))) {
      YamlSection of = YamlSection.of("a span", span, SPAN_KEYS);
      int count = Integer.parseInt(of.text("count").orElse("1"));
      scope.addAllSpans(Collections.nCopies(count, span(of)));
    }
    return resource.build();
  }

  private static Span span(YamlSection yaml) {
    long start = Times.unixNanos(yaml.text("start").orElse("0s"));
    long end =
        yaml.text("end")
            .map(Times::unixNanos)
            .orElse(start + Times.nanos(yaml.text("lasts").orElse("0s")));
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(yaml.text("trace").orElse("1"), 16))
            .setSpanId(id(yaml.text("id").orElse("1"), 8))
            .setName(yaml.text("name").orElse(""))
            .setKindValue(kind(yaml.text("kind").orElse("UNSPECIFIED")))
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(end)
            .setTraceState(yaml.text("tracestate").orElse(""))
            .addAllAttributes(attributes(yaml, "attributes"));
    yaml.text("parent").ifPresent(parent -> span.setParentSpanId(id(parent, 8)));
    if (yaml.has("status") || yaml.has("message")) {
      span.setStatus(
          Status.newBuilder()
              .setCodeValue(status(yaml.text("status").orElse("UNSET")))
              .setMessage(yaml.text("message").orElse("")));
    }
    for (Object link : yaml.list("links")) {
      YamlSection to = YamlSection.of("a link", link, LINK_KEYS);
      span.addLinksBuilder()
          .setTraceId(id(to.text("trace").orElse("1"), 16))
          .setSpanId(id(to.required("id"), 8));
    }
    return span.build();
  }

  private static int kind(String text) {
    return text.matches("-?\\d+")
        ? Integer.parseInt(text)
        : Span.SpanKind.valueOf("SPAN_KIND_" + text).getNumber();
  }

  private static int status(String text) {
    return text.matches("-?\\d+")
        ? Integer.parseInt(text)
        : Status.StatusCode.valueOf("STATUS_CODE_" + text).getNumber();
  }

  /** A number as an id of the usual length, or {@code 0x} and bytes of any number. */
  private static ByteString id(String text, int length) {
    if (text.startsWith("0x")) {
      return ByteString.copyFrom(HexFormat.of().parseHex(text.substring(2)));
    }
    byte[] id = new byte[length];
    ByteBuffer.wrap(id).putLong(length - 8, Long.parseLong(text));
    return ByteString.copyFrom(id);
  }

  /** A mapping, or a list of mappings where a key occurs twice. */
  private static List<KeyValue> attributes(YamlSection yaml, String key) {
    if (!yaml.has(key)) {
      return List.of();
    }
    Object value = yaml.value(key);
    List<?> mappings = value instanceof List<?> list ? list : List.of(value);
    List<KeyValue> attributes = new ArrayList<>();
    for (Object mapping : mappings) {
      ((Map<?, ?>) mapping)
          .forEach((name, of) -> attributes.add(Attributes.attribute(name.toString(), of)));
    }
    return attributes;
  }

  /** Two tildes stand for bytes that are not UTF-8, which protobuf's builders refuse to hold. */
  private static ByteString spoiled(ByteString value) {
    byte[] bytes = value.toByteArray();
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == '~' && bytes[i + 1] == '~') {
        bytes[i] = NOT_UTF8;
        bytes[i + 1] = NOT_UTF8;
      }
    }
    return ByteString.copyFrom(bytes);
  }

  private static ByteString pushBytes(ByteString traces, boolean skip) {
    UnknownFieldSet.Builder request =
        UnknownFieldSet.newBuilder()
            .addField(2, UnknownFieldSet.Field.newBuilder().addLengthDelimited(traces).build());
    return skip
        ? request.mergeVarintField(5, 1).build().toByteString()
        : request.build().toByteString();
  }
}
