package dev.weir.distributor.telemetry;

import dev.weir.distributor.distribution.DistributionObserver;
import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.distribution.Transport;
import dev.weir.distributor.publisher.ProduceFailure;
import dev.weir.distributor.publisher.PublisherObserver;
import dev.weir.distributor.validation.SpanFault;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The distributor's meters. Those of a tenant appear with its first request. A base unit is given
 * only where the name ends in it, since Prometheus' naming would append it once more. Thread-safe.
 */
public final class DistributorMetrics implements DistributionObserver, PublisherObserver {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final MeterProvider<Counter> spansReceived;
  private final MeterProvider<Counter> bytesReceived;
  private final MeterProvider<Counter> spansDiscarded;
  private final MeterProvider<Counter> requests;
  private final MeterProvider<Counter> produceFailures;
  private final Counter recordsProduced;
  private final Timer pushDuration;

  /**
   * @param inflightBytes of all requests that are not answered yet
   */
  public DistributorMetrics(MeterRegistry registry, Supplier<Number> inflightBytes) {
    spansReceived =
        Counter.builder("weir.distributor.spans.received")
            .description("Spans of well-formed requests, rejected ones among them")
            .withRegistry(registry);
    bytesReceived =
        Counter.builder("weir.distributor.bytes.received")
            .description("Decoded size of well-formed requests, in bytes")
            .withRegistry(registry);
    spansDiscarded =
        Counter.builder("weir.distributor.spans.discarded")
            .description("Spans that were rejected although their request was well formed")
            .withRegistry(registry);
    requests =
        Counter.builder("weir.distributor.requests")
            .description("Requests answered")
            .baseUnit("requests")
            .withRegistry(registry);
    produceFailures =
        Counter.builder("weir.distributor.produce.failures")
            .description("Records that Kafka did not acknowledge")
            .withRegistry(registry);
    recordsProduced =
        Counter.builder("weir.distributor.records.produced")
            .description("Records that Kafka acknowledged")
            .register(registry);
    pushDuration =
        Timer.builder("weir.distributor.push.duration")
            .description("Time from the arrival of a request to its answer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("weir.distributor.inflight.bytes", inflightBytes)
        .description("Size of the requests that are not answered yet, as bodies and as records")
        .baseUnit("bytes")
        .register(registry);
    registerAll();
  }

  /** Shows the meters of a tenant that is known before its first request. */
  public void expect(String tenant) {
    received(tenant, 0, 0);
    for (SpanFault fault : SpanFault.values()) {
      discarded(tenant, fault, 0);
    }
  }

  @Override
  public void received(String tenant, int spans, int bytes) {
    spansReceived.withTags("tenant", tenant).increment(spans);
    bytesReceived.withTags("tenant", tenant).increment(bytes);
  }

  @Override
  public void discarded(String tenant, SpanFault fault, int spans) {
    spansDiscarded.withTags("tenant", tenant, "reason", fault.reason()).increment(spans);
  }

  @Override
  public void answered(Transport transport, Outcome outcome, Duration elapsed) {
    requests(transport, outcome.label()).increment();
    pushDuration.record(elapsed);
  }

  @Override
  public void produced() {
    recordsProduced.increment();
  }

  @Override
  public void failed(ProduceFailure failure) {
    produceFailures(failure).increment();
  }

  private void registerAll() {
    for (Transport transport : Transport.values()) {
      Outcome.LABELS.forEach(label -> requests(transport, label));
    }
    for (ProduceFailure failure : ProduceFailure.values()) {
      produceFailures(failure);
    }
  }

  private Counter requests(Transport transport, String outcome) {
    return requests.withTags(
        "transport", transport.name().toLowerCase(Locale.ROOT), "outcome", outcome);
  }

  private Counter produceFailures(ProduceFailure failure) {
    return produceFailures.withTags("reason", failure.reason());
  }
}
