package dev.weir.testing;

import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;

/**
 * Where spans and traces for tests begin: {@code aSpan().named("GET /cart").clientOf("cart")
 * .lasting(Duration.ofMillis(20)).failed()}.
 */
public final class SpanFixtures {
  private SpanFixtures() {}

  /** A server span of service {@code frontend}: 10 ms, no error, trace 1, span 1, no parent. */
  public static SpanFixture aSpan() {
    return SpanFixture.DEFAULT;
  }

  /** Trace 1, without spans. */
  public static TraceFixture aTrace() {
    return TraceFixture.EMPTY;
  }

  /** Several traces in one message; a resource that they share is there once. */
  public static TracesData tracesData(TraceFixture... traces) {
    return TraceFixture.grouped(List.of(traces).stream().flatMap(TraceFixture::spans).toList());
  }
}
