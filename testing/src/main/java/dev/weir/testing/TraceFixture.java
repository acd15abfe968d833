package dev.weir.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The spans of one trace, with ids 1, 2, … in the order of adding. Immutable, like {@link
 * SpanFixture}. The methods that add a call hang it below the span that was added last.
 */
public final class TraceFixture {
  static final TraceFixture EMPTY = new TraceFixture(SpanFixture.traceId(1), List.of());

  private final ByteString traceId;
  private final List<SpanFixture> spans;

  private TraceFixture(ByteString traceId, List<SpanFixture> spans) {
    this.traceId = traceId;
    this.spans = List.copyOf(spans);
  }

  /** Another trace id: {@code number} as 16 bytes, big endian. */
  public TraceFixture numbered(long number) {
    return new TraceFixture(SpanFixture.traceId(number), spans);
  }

  /** Adds a span; its parent stays as it is. */
  public TraceFixture with(SpanFixture span) {
    List<SpanFixture> more = new ArrayList<>(spans);
    more.add(span.numbered(spans.size() + 1L));
    return new TraceFixture(traceId, more);
  }

  /** Adds {@code count} spans as {@link SpanFixtures#aSpan} makes them. */
  public TraceFixture withSpans(int count) {
    TraceFixture trace = this;
    for (int i = 0; i < count; i++) {
      trace = trace.with(SpanFixtures.aSpan());
    }
    return trace;
  }

  /** A server span without a parent: who called is a virtual node, {@code user}. */
  public TraceFixture enteringAt(String server) {
    return with(SpanFixtures.aSpan().of(server).named("GET /").server());
  }

  /** A client span of {@code client} and the server span of {@code server} below it. */
  public TraceFixture calling(String client, String server) {
    return callingUninstrumented(client, server)
        .withBelow(SpanFixtures.aSpan().of(server).named("GET /" + server).server());
  }

  /** A client span alone: {@code peer} makes no spans, so it is a virtual node. */
  public TraceFixture callingUninstrumented(String client, String peer) {
    return withBelow(SpanFixtures.aSpan().of(client).named("GET /" + peer).clientOf(peer));
  }

  /** A client span to a database. */
  public TraceFixture callingDatabase(String client, String system, String name) {
    return withBelow(
        SpanFixtures.aSpan().of(client).named("SELECT " + name).clientOfDatabase(system, name));
  }

  /** A producer span and the consumer span below it. */
  public TraceFixture sending(String producer, String consumer, String topic) {
    return withBelow(SpanFixtures.aSpan().of(producer).named(topic + " send").producerTo(topic))
        .withBelow(SpanFixtures.aSpan().of(consumer).named(topic + " process").consumerOf(topic));
  }

  /** The spans, each with this trace's id. */
  public Stream<SpanFixture> spans() {
    return spans.stream().map(span -> span.inTrace(traceId));
  }

  /** A message with this trace alone; the spans of a resource are together. */
  public TracesData toTracesData() {
    return grouped(spans().toList());
  }

  /** {@link #toTracesData} on the wire. */
  public byte[] toBytes() {
    return toTracesData().toByteArray();
  }

  /** The same trace with other spans. */
  TraceFixture replacing(List<SpanFixture> others) {
    return new TraceFixture(traceId, others);
  }

  private TraceFixture withBelow(SpanFixture span) {
    return with(spans.isEmpty() ? span : span.childOf(spans.size()));
  }

  static TracesData grouped(List<SpanFixture> spans) {
    Map<Resource, ScopeSpans.Builder> byResource = new LinkedHashMap<>();
    spans.forEach(
        span ->
            byResource
                .computeIfAbsent(span.resource(), resource -> ScopeSpans.newBuilder())
                .addSpans(span.span()));
    TracesData.Builder message = TracesData.newBuilder();
    byResource.forEach(
        (resource, scope) ->
            message.addResourceSpans(
                ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope)));
    return message.build();
  }
}
