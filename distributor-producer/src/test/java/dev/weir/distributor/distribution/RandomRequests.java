package dev.weir.distributor.distribution;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.Random;

/** Requests of every shape that OTLP allows, the same for the same seed. */
final class RandomRequests {
  private final Random random;
  private final ByteString[] traceIds = new ByteString[6];

  RandomRequests(long seed) {
    random = new Random(seed);
    for (int i = 0; i < traceIds.length; i++) {
      traceIds[i] = bytes(16);
    }
  }

  ExportTraceServiceRequest next() {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    times(4, () -> request.addResourceSpans(resourceSpans()));
    return request.build();
  }

  private ResourceSpans resourceSpans() {
    ResourceSpans.Builder builder = ResourceSpans.newBuilder();
    if (often()) {
      Resource.Builder resource = Resource.newBuilder().setDroppedAttributesCount(number());
      times(4, () -> resource.addAttributes(attribute(0)));
      builder.setResource(resource);
    }
    if (seldom()) {
      builder.setSchemaUrl("https://schema.example/" + number());
    }
    times(4, () -> builder.addScopeSpans(scopeSpans()));
    return builder.build();
  }

  private ScopeSpans scopeSpans() {
    ScopeSpans.Builder builder = ScopeSpans.newBuilder();
    if (often()) {
      InstrumentationScope.Builder scope =
          InstrumentationScope.newBuilder().setName(text()).setVersion(text());
      times(3, () -> scope.addAttributes(attribute(0)));
      builder.setScope(scope);
    }
    if (seldom()) {
      builder.setSchemaUrl("https://schema.example/" + number());
    }
    times(6, () -> builder.addSpans(span()));
    return builder.build();
  }

  private Span span() {
    Span.Builder builder =
        Span.newBuilder()
            .setTraceId(traceId())
            .setSpanId(seldom() ? oddId(8) : bytes(8))
            .setName(text())
            .setKindValue(random.nextInt(6))
            .setStartTimeUnixNano(random.nextLong())
            .setEndTimeUnixNano(random.nextLong())
            .setTraceState(text())
            .setFlags(number());
    if (often()) {
      builder.setParentSpanId(seldom() ? ByteString.copyFrom(new byte[8]) : bytes(8));
    }
    if (often()) {
      builder.setStatus(Status.newBuilder().setCodeValue(random.nextInt(3)).setMessage(text()));
    }
    if (seldom()) {
      builder.setUnknownFields(
          UnknownFieldSet.newBuilder()
              .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(number()).build())
              .build());
    }
    times(5, () -> builder.addAttributes(attribute(0)));
    times(2, () -> builder.addEvents(event()));
    times(2, () -> builder.addLinks(link()));
    return builder.build();
  }

  private Span.Event event() {
    Span.Event.Builder event = Span.Event.newBuilder().setName(text()).setTimeUnixNano(number());
    times(3, () -> event.addAttributes(attribute(0)));
    return event.build();
  }

  private Span.Link link() {
    Span.Link.Builder link = Span.Link.newBuilder().setTraceId(bytes(16)).setSpanId(bytes(8));
    times(3, () -> link.addAttributes(attribute(0)));
    return link.build();
  }

  private KeyValue attribute(int depth) {
    KeyValue.Builder attribute = KeyValue.newBuilder().setKey(text());
    if (random.nextInt(40) > 0) {
      attribute.setValue(value(depth));
    }
    return attribute.build();
  }

  private AnyValue value(int depth) {
    AnyValue.Builder value = AnyValue.newBuilder();
    return switch (random.nextInt(depth > 3 ? 6 : 8)) {
      case 0 -> value.build();
      case 1 -> value.setBoolValue(random.nextBoolean()).build();
      case 2 -> value.setIntValue(random.nextLong()).build();
      case 3 -> value.setDoubleValue(random.nextDouble()).build();
      case 4 -> value.setBytesValue(bytes(random.nextInt(20))).build();
      case 5 -> value.setStringValue(text()).build();
      case 6 -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        times(3, () -> array.addValues(value(depth + 1)));
        yield value.setArrayValue(array).build();
      }
      default -> {
        KeyValueList.Builder list = KeyValueList.newBuilder();
        times(3, () -> list.addValues(attribute(depth + 1)));
        yield value.setKvlistValue(list).build();
      }
    };
  }

  private ByteString traceId() {
    return random.nextInt(60) == 0 ? oddId(16) : traceIds[random.nextInt(traceIds.length)];
  }

  private ByteString oddId(int length) {
    return random.nextBoolean() ? ByteString.copyFrom(new byte[length]) : bytes(length - 1);
  }

  private ByteString bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private String text() {
    return "täxt-".repeat(random.nextInt(5)) + random.nextInt(100);
  }

  private int number() {
    return random.nextInt(1_000_000);
  }

  private boolean often() {
    return random.nextInt(4) > 0;
  }

  private boolean seldom() {
    return random.nextInt(8) == 0;
  }

  private void times(int atMost, Runnable action) {
    for (int i = random.nextInt(atMost + 1); i > 0; i--) {
      action.run();
    }
  }
}
