package dev.weir.testing;

import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Traces as instrumented services make them: calls, database calls and messages between a few
 * services, some of which fail. The same seed gives the same messages. Not thread-safe.
 */
public final class PlausibleTraces {
  private static final List<String> SERVICES =
      List.of("frontend", "cart", "checkout", "payment", "shipping", "currency");
  private static final List<String> DATABASES = List.of("postgresql", "mysql", "redis");
  private static final List<String> TOPICS = List.of("orders", "invoices");
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final long seed;
  private final RandomGenerator random;
  private long traces;

  public PlausibleTraces(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** The next message: 1 to 8 traces of 2 to 13 spans. */
  public TracesData next() {
    TraceFixture[] message = new TraceFixture[1 + random.nextInt(8)];
    for (int i = 0; i < message.length; i++) {
      message[i] = trace();
    }
    return SpanFixtures.tracesData(message);
  }

  /** Names the seed. */
  @Override
  public String toString() {
    return "plausible traces of seed " + seed;
  }

  private TraceFixture trace() {
    String service = pick(SERVICES);
    TraceFixture trace = SpanFixtures.aTrace().enteringAt(service);
    for (int calls = 1 + random.nextInt(6); calls > 0; calls--) {
      String next = pick(SERVICES);
      trace = call(trace, service, next);
      service = next;
    }
    return timed(trace.numbered(random.nextLong() << 20 | ++traces));
  }

  private TraceFixture call(TraceFixture trace, String service, String next) {
    return switch (random.nextInt(6)) {
      case 0 -> trace.callingDatabase(service, pick(DATABASES), service + "-data");
      case 1 -> trace.sending(service, next, pick(TOPICS));
      case 2 -> trace.callingUninstrumented(service, "legacy-" + next);
      default -> trace.calling(service, next);
    };
  }

  /** Spans begin one after the other and last up to a second, most of them far less. */
  private TraceFixture timed(TraceFixture trace) {
    List<SpanFixture> timed = new ArrayList<>();
    Instant start = EPOCH.plusMillis(random.nextInt(3_600_000));
    trace
        .spans()
        .forEach(span -> timed.add(detailed(span.startingAt(start.plusMillis(timed.size())))));
    return trace.replacing(timed);
  }

  private SpanFixture detailed(SpanFixture span) {
    long nanos = 1_000_000_000L >>> random.nextInt(20);
    SpanFixture detailed =
        span.lasting(Duration.ofNanos(1 + random.nextLong(nanos)))
            .with("http.response.status_code", 200L)
            .withResource("telemetry.sdk.language", "java");
    return switch (random.nextInt(12)) {
      case 0 -> detailed.failed("it broke").withEvent("exception");
      case 1 -> detailed.withStatus(StatusCode.STATUS_CODE_OK, "");
      default -> detailed;
    };
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
