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
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whole traces over four services each, as two collectors send them that serve every second
 * service: a call's two sides are never in the same record. A trace is a server span that was
 * called from outside, three calls with both their sides, and a call of a database: 8 spans, 4 in
 * each record. Services, operations and attributes are those of {@link StandardPayload}. Records
 * come in pairs for 20 to 60 traces. The same seed and start give the same bytes. Not thread-safe.
 */
public final class SplitPayload implements Payload {
  private static final int SPANS_PER_TRACE = 8;

  private final RandomGenerator random;
  private final List<Service> services = Service.all();
  private final SpanMaker spans;
  private final int instances;
  private long pairs;
  private long traceLow;
  private @Nullable SpansRecord second;

  /**
   * @param start when the first span begins
   * @param instances processes of each service
   */
  public SplitPayload(long seed, Instant start, int instances) {
    this.random = new SplittableRandom(seed);
    this.spans = new SpanMaker(random, start, 0);
    this.instances = instances;
  }

  @Override
  public SpansRecord next() {
    if (second != null) {
      SpansRecord next = second;
      second = null;
      return next;
    }
    int traces = 20 + random.nextInt(41);
    Collector even = new Collector();
    Collector odd = new Collector();
    for (int i = 0; i < traces; i++) {
      trace(even, odd);
    }
    second = odd.record(traces * SPANS_PER_TRACE / 2, pairs);
    return even.record(traces * SPANS_PER_TRACE / 2, pairs++);
  }

  private void trace(Collector even, Collector odd) {
    ByteString traceId = SpanMaker.bytes(16, random.nextLong(), ++traceLow);
    ByteString parent = ByteString.EMPTY;
    for (int hop = 0; hop < SPANS_PER_TRACE / 2; hop++) {
      int service = 2 * random.nextInt(services.size() / 2) + hop % 2;
      Collector collector = hop % 2 == 0 ? even : odd;
      Service caller = services.get(service);
      Span server = spans.span(caller.server(random), traceId, parent);
      boolean isLast = hop == SPANS_PER_TRACE / 2 - 1;
      Operation call = isLast ? caller.database() : caller.client(random);
      Span client = spans.span(call, traceId, server.getSpanId());
      collector.take(service, random.nextInt(instances), server, client);
      parent = client.getSpanId();
    }
  }

  /** Brings together what one process sends. */
  private final class Collector {
    private final TreeMap<Integer, ScopeSpans.Builder> byProcess = new TreeMap<>();

    void take(int service, int instance, Span server, Span client) {
      byProcess
          .computeIfAbsent(service * instances + instance, key -> SpanMaker.scope())
          .addSpans(server)
          .addSpans(client);
    }

    SpansRecord record(int count, long pair) {
      List<ResourceSpans> all = new ArrayList<>();
      byProcess.forEach(
          (process, scope) ->
              all.add(
                  ResourceSpans.newBuilder()
                      .setResource(services.get(process / instances).resource(process % instances))
                      .addScopeSpans(scope)
                      .build()));
      return new SpansRecord(
          TracesData.newBuilder().addAllResourceSpans(all).build().toByteArray(), count, pair);
    }
  }
}
