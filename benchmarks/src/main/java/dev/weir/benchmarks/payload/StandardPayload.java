package dev.weir.benchmarks.payload;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
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
public final class StandardPayload implements Payload {
  /** Of the operations, the first this many also have spans with status OK: 480 + 480 + 249. */
  private static final int OPERATIONS_WITH_OK = 249;

  private static final int SPANS_PER_TRACE = 8;
  private static final int GROUPS_PER_RECORD = 10;

  private final RandomGenerator random;
  private final List<Service> services;
  private final SpanMaker spans;
  private final int instances;
  private long records;
  private long traceLow;
  private int spansInTrace = SPANS_PER_TRACE;
  private ByteString traceId = ByteString.EMPTY;
  private ByteString parentId = ByteString.EMPTY;

  /**
   * @param start when the first span begins
   */
  public StandardPayload(long seed, Instant start) {
    this(seed, start, 1);
  }

  /**
   * @param start when the first span begins
   * @param instances processes of each service
   */
  public StandardPayload(long seed, Instant start, int instances) {
    this.random = new SplittableRandom(seed);
    this.spans = new SpanMaker(random, start, OPERATIONS_WITH_OK);
    this.instances = instances;
    this.services = Service.all();
  }

  @Override
  public SpansRecord next() {
    int count = 100 + random.nextInt(401);
    List<Service> present = someServices();
    List<ScopeSpans.Builder> scopes = new ArrayList<>();
    present.forEach(service -> scopes.add(SpanMaker.scope()));
    spansInTrace = SPANS_PER_TRACE;
    for (int made = 0; made < count; made++) {
      int group = random.nextInt(GROUPS_PER_RECORD);
      scopes.get(group).addSpans(span(present.get(group)));
    }
    TracesData.Builder message = TracesData.newBuilder();
    for (int group = 0; group < GROUPS_PER_RECORD; group++) {
      message.addResourceSpans(
          ResourceSpans.newBuilder()
              .setResource(present.get(group).resource(instance()))
              .addScopeSpans(scopes.get(group)));
    }
    return new SpansRecord(message.build().toByteArray(), count, records++);
  }

  /** Draws nothing if there is no choice, so that one instance gives the bytes it always gave. */
  private int instance() {
    return instances == 1 ? 0 : random.nextInt(instances);
  }

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
      traceId = SpanMaker.bytes(16, random.nextLong(), ++traceLow);
      parentId = ByteString.EMPTY;
    }
    Span span = spans.span(service.operation(spansInTrace++, random), traceId, parentId);
    parentId = span.getSpanId();
    return span;
  }
}
