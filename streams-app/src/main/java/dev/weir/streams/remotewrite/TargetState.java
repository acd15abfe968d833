package dev.weir.streams.remotewrite;

import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all shards know of one target: the protocol that it speaks, whether it answers, and what is
 * to be counted and told. Thread-safe.
 */
final class TargetState {
  private static final Logger log = LoggerFactory.getLogger(TargetState.class);

  private final RemoteWriteTarget target;
  private final SenderMetrics metrics;
  private final Clock clock;
  private final LogLimiter misconfigured;
  private final LogLimiter retried;
  private final LogLimiter refused;
  private final LogLimiter failed;
  private volatile RemoteWriteVersion version;
  private volatile String detail = "nothing sent yet";

  TargetState(RemoteWriteTarget target, SenderMetrics metrics, Clock clock) {
    this.target = target;
    this.metrics = metrics;
    this.clock = clock;
    this.version = target.version();
    this.misconfigured = new LogLimiter(clock, Duration.ofMinutes(1));
    this.retried = new LogLimiter(clock, Duration.ofMinutes(1));
    this.refused = new LogLimiter(clock, Duration.ofSeconds(10));
    this.failed = new LogLimiter(clock, Duration.ofSeconds(10));
  }

  RemoteWriteVersion version() {
    return version;
  }

  /** In a few words, for operators. */
  String detail() {
    return detail;
  }

  void accepted(long samples, long newestTimestamp) {
    detail = "delivering";
    metrics.sent(samples);
    metrics.deliveredThrough(newestTimestamp);
    metrics.deliveryDelay(clock.millis() - newestTimestamp);
  }

  /** From now on 1.0 is spoken; the first shard to notice says so. */
  synchronized void fallBack(String reason) {
    if (version == RemoteWriteVersion.V2) {
      version = RemoteWriteVersion.V1;
      metrics.fallback();
      log.warn(
          "remote-write target {} does not understand 2.0 ({}): it is sent 1.0 until restart",
          target,
          reason);
    }
  }

  void retried(String reason) {
    detail = "retrying: " + reason;
    metrics.retry();
    retried.log(
        others ->
            log.warn(
                "remote-write target {} takes nothing at the moment, and is asked again and again: {} ({} more retries not logged)",
                target,
                reason,
                others));
  }

  void misconfigured(String reason) {
    detail = "misconfigured: " + reason;
    metrics.retry();
    misconfigured.log(
        others ->
            log.error(
                "remote-write target {} refuses every request, so its configuration or ours is wrong: {} ({} more not logged)",
                target,
                reason,
                others));
  }

  void refused(Refusal refusal, long samples) {
    metrics.refused(refusal, samples);
  }

  /** A sample that is lost to this target. */
  void skipped(Refusal refusal, String sample, String reason) {
    metrics.refused(refusal, 1);
    refused.log(
        others ->
            log.warn(
                "remote-write target {} refuses {}, which is skipped: {} ({} more not logged)",
                target,
                sample,
                reason,
                others));
  }

  void malformed(String record, String reason) {
    metrics.refused(Refusal.MALFORMED, 1);
    log.error("{} cannot be sent to {} and is skipped: {}", record, target, reason);
  }

  void failed(String doing, RuntimeException e) {
    metrics.failure();
    detail = "failing: " + e;
    failed.log(
        others ->
            log.error(
                "{} for remote-write target {} failed, and is tried again ({} more not logged)",
                doing,
                target,
                others,
                e));
  }
}
