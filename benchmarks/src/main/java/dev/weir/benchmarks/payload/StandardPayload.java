package dev.weir.benchmarks.payload;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Records of spans as a collector sends them: 20 services of 24 operations, 10 of the services and
 * 100 to 500 spans in a record, 11 attributes on a resource and 11 on a span, an event on an error;
 * about 506 bytes a span and 1,209 label sets of service, name, kind and status. A trace has up to
 * 8 spans, all in one record; most client spans have their server span. The same seed and start
 * give the same bytes; another start changes nothing but times. Not thread-safe.
 */
public final class StandardPayload {
  /** Of the operations, the first this many also have spans with status OK: 480 + 480 + 249. */
  private static final int OPERATIONS_WITH_OK = 249;

  private static final int SPANS_PER_TRACE = 8;
  private static final int GROUPS_PER_RECORD = 10;
  private static final long NANOS_BETWEEN_SPANS = 1_000;

  private final RandomGenerator random;
  private final List<Service> services;
  private long nanos;
  private long traceLow;
  private int spansInTrace = SPANS_PER_TRACE;
  private ByteString traceId = ByteString.EMPTY;
  private ByteString parentId = ByteString.EMPTY;

  /**
   * @param start when the first span begins
   */
  public StandardPayload(long seed, Instant start) {
    this.random = new SplittableRandom(seed);
    this.nanos = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    this.services = Service.all();
  }

  /** One record. */
  public static final class SpansRecord {
    private final byte[] value;
    private final int spans;

    private SpansRecord(byte[] value, int spans) {
      this.value = value;
      this.spans = spans;
    }

    /** An OTLP {@code TracesData}; the array is the caller's. */
    public byte[] value() {
      return value;
    }

    /** How many spans are in it. */
    public int spans() {
      return spans;
    }
  }

  /** The next record. */
  public SpansRecord next() {
    int spans = 100 + random.nextInt(401);
    List<Service> present = someServices();
    List<ScopeSpans.Builder> scopes = new ArrayList<>();
    present.forEach(service -> scopes.add(ScopeSpans.newBuilder().setScope(SCOPE)));
    spansInTrace = SPANS_PER_TRACE;
    for (int made = 0; made < spans; made++) {
      int group = random.nextInt(GROUPS_PER_RECORD);
      scopes.get(group).addSpans(span(present.get(group)));
    }
    TracesData.Builder message = TracesData.newBuilder();
    for (int group = 0; group < GROUPS_PER_RECORD; group++) {
      message.addResourceSpans(
          ResourceSpans.newBuilder()
              .setResource(present.get(group).resource())
              .addScopeSpans(scopes.get(group)));
    }
    return new SpansRecord(message.build().toByteArray(), spans);
  }

  private static final InstrumentationScope SCOPE =
      InstrumentationScope.newBuilder()
          .setName("io.opentelemetry.netty-4.1")
          .setVersion("2.9.0")
          .build();

  private List<Service> someServices() {
    int first = random.nextInt(services.size());
    List<Service> some = new ArrayList<>();
    for (int i = 0; i < GROUPS_PER_RECORD; i++) {
      some.add(services.get((first + i) % services.size()));
    }
    return some;
  }

  /** Spans alternate between calling and called ones, so that half of them pair up as edges. */
  private Span span(Service service) {
    if (spansInTrace == SPANS_PER_TRACE) {
      spansInTrace = 0;
      traceId = bytes(16, random.nextLong(), ++traceLow);
      parentId = ByteString.EMPTY;
    }
    int position = spansInTrace++;
    Operation operation = service.operation(position, random);
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
    parentId = spanId;
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
    } else if (outcome < 40 && operation.number() < OPERATIONS_WITH_OK) {
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

  private static ByteString bytes(int size, long high, long low) {
    ByteBuffer buffer = ByteBuffer.allocate(16).putLong(high).putLong(low);
    return ByteString.copyFrom(buffer.array(), 16 - size, size);
  }
}
