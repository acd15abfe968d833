package dev.weir.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One span and its resource. Immutable: every method that changes something returns a changed copy,
 * so a fixture can be shared and varied.
 */
public final class SpanFixture {
  static final SpanFixture DEFAULT =
      new SpanFixture(Resource.getDefaultInstance(), Span.getDefaultInstance())
          .of("frontend")
          .named("GET /")
          .ofKind(SpanKind.SPAN_KIND_SERVER)
          .inTrace(1)
          .numbered(1)
          .startingAt(Instant.parse("2026-01-01T00:00:00Z"))
          .lasting(Duration.ofMillis(10));

  private final Resource resource;
  private final Span span;

  private SpanFixture(Resource resource, Span span) {
    this.resource = resource;
    this.span = span;
  }

  /** The service that made the span, the resource's {@code service.name}. */
  public SpanFixture of(String service) {
    return withResource("service.name", service);
  }

  public SpanFixture named(String name) {
    return change(builder -> builder.setName(name));
  }

  /** Trace id: {@code number} as 16 bytes, big endian. */
  public SpanFixture inTrace(long number) {
    return inTrace(traceId(number));
  }

  /** Trace id as it is, of any length. */
  public SpanFixture inTrace(ByteString traceId) {
    return change(builder -> builder.setTraceId(traceId));
  }

  /** Span id: {@code number} as 8 bytes, big endian. */
  public SpanFixture numbered(long number) {
    return change(builder -> builder.setSpanId(spanId(number)));
  }

  /** Parent by number; the trace stays. */
  public SpanFixture childOf(long parent) {
    return change(builder -> builder.setParentSpanId(spanId(parent)));
  }

  /** Parent and its trace. */
  public SpanFixture childOf(SpanFixture parent) {
    return inTrace(parent.span.getTraceId())
        .change(builder -> builder.setParentSpanId(parent.span.getSpanId()));
  }

  /** When it begins; its duration stays. */
  public SpanFixture startingAt(Instant start) {
    long nanos =
        Math.addExact(Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L), start.getNano());
    long duration = span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
    return change(
        builder -> builder.setStartTimeUnixNano(nanos).setEndTimeUnixNano(nanos + duration));
  }

  /** How long it takes; a negative duration makes it end before it begins. */
  public SpanFixture lasting(Duration duration) {
    return change(
        builder -> builder.setEndTimeUnixNano(builder.getStartTimeUnixNano() + duration.toNanos()));
  }

  public SpanFixture ofKind(SpanKind kind) {
    return change(builder -> builder.setKind(kind));
  }

  public SpanFixture server() {
    return ofKind(SpanKind.SPAN_KIND_SERVER);
  }

  /** The calling side of a call to {@code peer}. */
  public SpanFixture clientOf(String peer) {
    return ofKind(SpanKind.SPAN_KIND_CLIENT).with("peer.service", peer);
  }

  /**
   * A call to a database, which has no spans of its own.
   *
   * @param system such as {@code postgresql}
   * @param name the database's name
   */
  public SpanFixture clientOfDatabase(String system, String name) {
    return ofKind(SpanKind.SPAN_KIND_CLIENT).with("db.system", system).with("db.name", name);
  }

  /** The sending side of a message. */
  public SpanFixture producerTo(String topic) {
    return ofKind(SpanKind.SPAN_KIND_PRODUCER).throughTopic(topic);
  }

  /** The receiving side of a message. */
  public SpanFixture consumerOf(String topic) {
    return ofKind(SpanKind.SPAN_KIND_CONSUMER).throughTopic(topic);
  }

  public SpanFixture failed() {
    return failed("");
  }

  public SpanFixture failed(String message) {
    return withStatus(StatusCode.STATUS_CODE_ERROR, message);
  }

  public SpanFixture withStatus(StatusCode code, String message) {
    return change(
        builder -> builder.setStatus(Status.newBuilder().setCode(code).setMessage(message)));
  }

  /**
   * Adds or replaces an attribute of the span.
   *
   * @param value as {@link Attributes#of} takes it
   */
  public SpanFixture with(String key, @Nullable Object value) {
    return change(
        builder -> {
          List<KeyValue> changed = Attributes.put(builder.getAttributesList(), key, value);
          return builder.clearAttributes().addAllAttributes(changed);
        });
  }

  /**
   * Adds or replaces an attribute of the resource.
   *
   * @param value as {@link Attributes#of} takes it
   */
  public SpanFixture withResource(String key, @Nullable Object value) {
    Resource.Builder changed =
        resource.toBuilder()
            .clearAttributes()
            .addAllAttributes(Attributes.put(resource.getAttributesList(), key, value));
    return new SpanFixture(changed.build(), span);
  }

  /** The span comes from a resource without any attribute, not even a service name. */
  public SpanFixture withoutResource() {
    return new SpanFixture(Resource.getDefaultInstance(), span);
  }

  /** Adds an event in the middle of the span. */
  public SpanFixture withEvent(String name) {
    long middle = span.getStartTimeUnixNano() / 2 + span.getEndTimeUnixNano() / 2;
    return change(
        builder ->
            builder.addEvents(Span.Event.newBuilder().setName(name).setTimeUnixNano(middle)));
  }

  /** Adds a link to another span. */
  public SpanFixture linkedTo(SpanFixture other) {
    return change(
        builder ->
            builder.addLinks(
                Span.Link.newBuilder()
                    .setTraceId(other.span.getTraceId())
                    .setSpanId(other.span.getSpanId())));
  }

  public SpanFixture withTraceState(String traceState) {
    return change(builder -> builder.setTraceState(traceState));
  }

  /** Any other change, through protobuf's own builder. */
  public SpanFixture change(UnaryOperator<Span.Builder> change) {
    return new SpanFixture(resource, change.apply(span.toBuilder()).build());
  }

  /** The resource alone. */
  public Resource resource() {
    return resource;
  }

  /** The span alone. */
  public Span span() {
    return span;
  }

  /** The span in its resource and a scope. */
  public ResourceSpans toResourceSpans() {
    return ResourceSpans.newBuilder()
        .setResource(resource)
        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span))
        .build();
  }

  /** A message with this span alone. */
  public TracesData toTracesData() {
    return TracesData.newBuilder().addResourceSpans(toResourceSpans()).build();
  }

  /** {@link #toTracesData} on the wire. */
  public byte[] toBytes() {
    return toTracesData().toByteArray();
  }

  private SpanFixture throughTopic(String topic) {
    return with("messaging.system", "kafka").with("messaging.destination.name", topic);
  }

  static ByteString traceId(long number) {
    return ByteString.copyFrom(ByteBuffer.allocate(16).putLong(8, number));
  }

  static ByteString spanId(long number) {
    return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(0, number));
  }
}
