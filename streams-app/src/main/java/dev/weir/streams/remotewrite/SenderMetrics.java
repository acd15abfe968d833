package dev.weir.streams.remotewrite;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is measured of one target. Thread-safe. */
final class SenderMetrics {
  private static final String TARGET = "target";
  private static final List<String> OUTCOMES =
      List.of(
          "accepted",
          "misconfigured",
          "not_understood",
          "rejected",
          "retryable",
          "samples_refused");

  private static final Duration[] DELAYS =
      Stream.of(500, 1000, 1500, 2000, 3000, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final String target;
  private final Counter sent;
  private final Counter retries;
  private final Counter fallbacks;
  private final Counter repeated;
  private final Counter dropped;
  private final Counter lost;
  private final Counter timeLost;
  private final Counter failures;
  private final Timer duration;
  private final Timer deliveryDelay;
  private final AtomicLong lagRecords = new AtomicLong();
  private final AtomicLong parkedTenants = new AtomicLong();
  private final AtomicLong deliveredThroughMillis = new AtomicLong(Long.MIN_VALUE);

  SenderMetrics(MeterRegistry registry, String target) {
    this.registry = registry;
    this.target = target;
    OUTCOMES.forEach(this::requests);
    for (Refusal refusal : Refusal.values()) {
      refused(refusal);
    }
    sent = counter("weir.sender.samples.sent", "Samples that the target took");
    retries = counter("weir.sender.retries", "Requests that must be sent once more");
    fallbacks = counter("weir.sender.fallbacks", "Changes from remote write 2.0 to 1.0");
    lost =
        counter(
            "weir.sender.records.lost",
            "Offsets that the outbox's retention removed before the target had them");
    repeated =
        counter(
            "weir.sender.samples.repeated",
            "Samples that may have been sent before, and that the target has already, as it says");
    dropped =
        counter(
            "weir.sender.samples.dropped", "Samples that write_relabel_configs do not let pass");
    timeLost =
        Counter.builder("weir.sender.time.lost")
            .description(
                "Time whose records the outbox's retention removed before the target had them")
            .baseUnit("seconds")
            .tag(TARGET, target)
            .register(registry);
    failures = counter("weir.sender.failures", "Errors of the sender itself; it starts over");
    duration =
        Timer.builder("weir.sender.request.duration")
            .description("Time from the request to its answer")
            .tag(TARGET, target)
            .register(registry);
    deliveryDelay =
        Timer.builder("weir.sender.delivery.delay")
            .description(
                "Histogram of the time from the end of a window to the acceptance of its samples, per request; a span waits up to one window longer")
            .tag(TARGET, target)
            .serviceLevelObjectives(DELAYS)
            .register(registry);
    gauges();
  }

  Verdict timed(Supplier<Verdict> exchange) {
    Timer.Sample sample = Timer.start(registry);
    try {
      return exchange.get();
    } finally {
      sample.stop(duration);
    }
  }

  void request(Verdict verdict) {
    requests(verdict.outcome()).increment();
  }

  void sent(long samples) {
    sent.increment((double) samples);
  }

  void refused(Refusal refusal, long samples) {
    refused(refusal).increment((double) samples);
  }

  void retry() {
    retries.increment();
  }

  void fallback() {
    fallbacks.increment();
  }

  void repeated(long samples) {
    repeated.increment((double) samples);
  }

  void dropped(long samples) {
    dropped.increment((double) samples);
  }

  void lost(long records, Duration time) {
    lost.increment((double) records);
    timeLost.increment(time.toMillis() / 1000.0);
  }

  void failure() {
    failures.increment();
  }

  void lag(long records) {
    lagRecords.set(records);
  }

  void parked(long tenants) {
    parkedTenants.set(tenants);
  }

  void deliveredThrough(long timestampMillis) {
    deliveredThroughMillis.accumulateAndGet(timestampMillis, Math::max);
  }

  /**
   * A request was accepted.
   *
   * @param delayMillis from its newest sample's time to now; what is negative, since clocks differ,
   *     is not recorded
   */
  void deliveryDelay(long delayMillis) {
    deliveryDelay.record(Duration.ofMillis(delayMillis));
  }

  private Counter requests(String outcome) {
    return Counter.builder("weir.sender.requests")
        .description("Answered requests by what the target made of them")
        .tag(TARGET, target)
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter refused(Refusal refusal) {
    return Counter.builder("weir.sender.samples.refused")
        .description("Samples skipped because the target does not take them")
        .tag(TARGET, target)
        .tag("reason", refusal.tag())
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tag(TARGET, target).register(registry);
  }

  private void gauges() {
    Gauge.builder("weir.sender.lag.records", lagRecords, AtomicLong::doubleValue)
        .description("Records of the outbox that this instance has yet to deliver")
        .baseUnit("records")
        .tag(TARGET, target)
        .register(registry);
    Gauge.builder("weir.sender.tenants.parked", parkedTenants, AtomicLong::doubleValue)
        .description(
            "Tenants of which the target takes nothing at the moment, once per shard of this instance")
        .tag(TARGET, target)
        .register(registry);
    Gauge.builder(
            "weir.sender.delivered.through.timestamp.seconds",
            deliveredThroughMillis,
            SenderMetrics::seconds)
        .description("Time of the newest delivered sample; NaN before the first")
        .baseUnit("seconds")
        .tag(TARGET, target)
        .register(registry);
  }

  private static double seconds(AtomicLong millis) {
    long value = millis.get();
    return value == Long.MIN_VALUE ? Double.NaN : value / 1000.0;
  }
}
