package dev.weir.benchmarks.payload;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Makes single spans, each a little later than the one before. Not thread-safe. */
final class SpanMaker {
  private static final long NANOS_BETWEEN_SPANS = 1_000;
  private static final InstrumentationScope SCOPE =
      InstrumentationScope.newBuilder()
          .setName("io.opentelemetry.netty-4.1")
          .setVersion("2.9.0")
          .build();

  private final RandomGenerator random;
  private final int operationsWithOk;
  private long nanos;

  /**
   * @param start when the first span begins
   * @param operationsWithOk of the operations, the first this many also have spans with status OK
   */
  SpanMaker(RandomGenerator random, Instant start, int operationsWithOk) {
    this.random = random;
    this.nanos = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    this.operationsWithOk = operationsWithOk;
  }

  /** An empty scope of the instrumentation that all spans come from. */
  static ScopeSpans.Builder scope() {
    return ScopeSpans.newBuilder().setScope(SCOPE);
  }

  Span span(Operation operation, ByteString traceId, ByteString parentId) {
    nanos += NANOS_BETWEEN_SPANS;
    ByteString spanId = bytes(8, 0, random.nextLong());
    long duration = (4_000_000_000L >>> random.nextInt(14)) - random.nextInt(100_000);
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(traceId)
            .setSpanId(spanId)
            .setParentSpanId(parentId)
            .setFlags(0x101)
            .setName(operation.name())
            .setKind(operation.kind())
            .setStartTimeUnixNano(nanos)
            .setEndTimeUnixNano(nanos + duration)
            .addAllAttributes(operation.attributes());
    addVaryingAttributes(span);
    finish(span, operation, nanos + duration);
    return span.build();
  }

  private void addVaryingAttributes(Span.Builder span) {
    span.addAttributes(
            attribute("url.path", "/api/v1/items/" + (100_000 + random.nextInt(900_000))))
        .addAttributes(number("http.response.body.size", 1_000 + random.nextInt(100_000)))
        .addAttributes(number("thread.id", 20 + random.nextInt(60)))
        .addAttributes(
            attribute("client.address", "10.0." + random.nextInt(256) + "." + random.nextInt(256)));
  }

  private void finish(Span.Builder span, Operation operation, long end) {
    int outcome = random.nextInt(100);
    if (outcome < 2) {
      span.setStatus(Status.newBuilder().setCode(StatusCode.STATUS_CODE_ERROR))
          .addEvents(fault(end));
    } else if (outcome < 40 && operation.number() < operationsWithOk) {
      span.setStatus(Status.newBuilder().setCode(StatusCode.STATUS_CODE_OK));
    }
  }

  private static Span.Event fault(long time) {
    return Span.Event.newBuilder()
        .setName("exception")
        .setTimeUnixNano(time)
        .addAttributes(attribute("exception.type", "java.net.SocketTimeoutException"))
        .addAttributes(attribute("exception.message", "Read timed out after 2000 ms"))
        .addAttributes(attribute("exception.stacktrace", STACK_TRACE))
        .build();
  }

  private static final String STACK_TRACE =
      "java.net.SocketTimeoutException: Read timed out\n"
          + "\tat com.example.shop.client.HttpCall.execute(HttpCall.java:112)\n".repeat(8);

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  static ByteString bytes(int size, long high, long low) {
    ByteBuffer buffer = ByteBuffer.allocate(16).putLong(high).putLong(low);
    return ByteString.copyFrom(buffer.array(), 16 - size, size);
  }
}
