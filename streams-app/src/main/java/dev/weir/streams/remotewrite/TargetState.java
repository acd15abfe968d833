package dev.weir.streams.remotewrite;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

  /** A receiver that is upgraded is found that soon; the question costs a request. */
  static final Duration ASK_AGAIN = Duration.ofMinutes(10);

  private final LogLimiter misconfigured;
  private final LogLimiter retried;
  private final LogLimiter refused;
  private final LogLimiter failed;
  private final LogLimiter ambiguous;
  private boolean knows2;
  private boolean fallenBack;
  private Instant askAgain = Instant.MIN;
  private volatile String detail = "nothing sent yet";

  TargetState(RemoteWriteTarget target, SenderMetrics metrics, Clock clock) {
    this.target = target;
    this.metrics = metrics;
    this.clock = clock;
    this.misconfigured = new LogLimiter(clock, Duration.ofMinutes(1));
    this.retried = new LogLimiter(clock, Duration.ofMinutes(1));
    this.refused = new LogLimiter(clock, Duration.ofSeconds(10));
    this.ambiguous = new LogLimiter(clock, Duration.ofMinutes(1));
    this.failed = new LogLimiter(clock, Duration.ofSeconds(10));
  }

  /**
   * What to speak now. Where 2.0 was not understood it is 1.0, but for a request from time to time,
   * since receivers are upgraded.
   */
  synchronized RemoteWriteVersion version() {
    return fallenBack && clock.instant().isBefore(askAgain)
        ? RemoteWriteVersion.V1
        : target.version();
  }

  /** Whether the target has shown that it knows a version; all are taken to know 1.0. */
  synchronized boolean knows(RemoteWriteVersion version) {
    return version == RemoteWriteVersion.V1 || knows2;
  }

  /** The target has answered a request of that version as one who knows it. */
  synchronized void understood(RemoteWriteVersion version) {
    if (version == RemoteWriteVersion.V2) {
      knows2 = true;
      if (fallenBack) {
        fallenBack = false;
        log.info("remote-write target {} understands 2.0 now and is sent it", target);
      }
    }
  }

  /** In a request; a series may have more. */
  long maxSamples() {
    return target.limits().samples();
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

  /** 2.0 was not understood, so 1.0 is spoken for a while; the first to notice says so. */
  synchronized void fallBack(String reason) {
    askAgain = clock.instant().plus(ASK_AGAIN);
    knows2 = false;
    if (!fallenBack) {
      fallenBack = true;
      metrics.fallback();
      log.warn(
          "remote-write target {} does not understand 2.0 ({}): it is sent 1.0, and asked again every {} minutes",
          target,
          reason,
          ASK_AGAIN.toMinutes());
    }
  }

  /** Samples that the target has already, by its own word. */
  void repeated(long samples) {
    detail = "delivering";
    metrics.repeated(samples);
  }

  void retried(String tenant, String reason) {
    detail = "retrying: " + reason;
    metrics.retry();
    retried.log(
        others ->
            log.warn(
                "remote-write target {} takes nothing of tenant {} at the moment, and is asked again and again: {} ({} more retries not logged)",
                target,
                tenant,
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

  /** A sample that is lost to this target. The outbox still has it at {@code place}. */
  void skipped(Refusal refusal, String sample, String tenant, String place, String reason) {
    metrics.refused(refusal, 1);
    refused.log(
        others ->
            log.warn(
                "remote-write target {} refuses {} of tenant {} at {}, which is skipped: {} ({} more not logged)",
                target,
                sample,
                tenant,
                place,
                reason,
                others));
  }

  /** Series that are not sent, as the target's relabelling rules have it. */
  void relabeled(Relabeling.Outcome outcome, String place) {
    metrics.dropped(outcome.dropped());
    if (outcome.ambiguous() > 0) {
      metrics.refused(Refusal.AMBIGUOUS, outcome.ambiguous());
      ambiguous.log(
          others ->
              log.error(
                  "write_relabel_configs of remote-write target {} make series equal, of which only the first is sent: {}, at {} ({} more not logged)",
                  target,
                  outcome.example(),
                  place,
                  others));
    }
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
