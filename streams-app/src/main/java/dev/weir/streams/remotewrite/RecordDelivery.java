package dev.weir.streams.remotewrite;

import dev.weir.schemas.remotewrite.v2.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes one record to one target, a request at a time. What the target refuses is divided until a
 * single sample is left, in order, so that a bad one does not take its neighbours along. For one
 * thread at a time.
 */
final class RecordDelivery {
  /** Far below the 32 MiB at which receivers refuse. */
  static final int MAX_REQUEST_BYTES = 8 * 1024 * 1024;

  private final String tenant;
  private final String place;
  private final Deque<Request> parts = new ArrayDeque<>();
  private final Exchange exchange;
  private final TargetState target;
  private final Backoff backoff;
  private boolean sentBefore;

  /**
   * @param sentBefore whether the target may have it already
   * @param backoff between requests while the target takes nothing of the tenant
   */
  RecordDelivery(
      OutboxRecord outbox,
      boolean sentBefore,
      Exchange exchange,
      TargetState target,
      Backoff backoff) {
    this.tenant = outbox.tenant();
    this.place = outbox.place();
    this.sentBefore = sentBefore;
    this.exchange = exchange;
    this.target = target;
    this.backoff = backoff;
    if (RequestParts.sampleCount(outbox.request()) > 0) {
      parts.add(outbox.request());
    }
  }

  /**
   * Sends at most one request.
   *
   * @return empty if the whole record is delivered; zero if the next step can follow at once; else
   *     the target takes nothing of the tenant for now, and this is how long to wait
   */
  Optional<Duration> step() {
    Request part = parts.poll();
    if (part == null) {
      return Optional.empty();
    }
    Duration wait = send(part);
    return parts.isEmpty() ? Optional.empty() : Optional.of(wait);
  }

  private Duration send(Request part) {
    if (part.getTimeseriesCount() > 1 && RequestParts.sampleCount(part) > target.maxSamples()) {
      divide(part);
      return Duration.ZERO;
    }
    RemoteWriteVersion version = target.version();
    byte[] body = version.encode(part);
    if (body.length > MAX_REQUEST_BYTES && RequestParts.isDivisible(part)) {
      divide(part);
      return Duration.ZERO;
    }
    return act(part, version, exchange.send(tenant, version, body));
  }

  private Duration act(Request part, RemoteWriteVersion version, Verdict verdict) {
    if (verdict instanceof Verdict.Retryable retryable) {
      target.retried(tenant, retryable.reason());
      sentBefore = true; // some of it may have been stored all the same
      return again(part, retryable.retryAfter());
    }
    if (verdict instanceof Verdict.Misconfigured misconfigured) {
      target.misconfigured(misconfigured.reason());
      return again(part, Duration.ZERO);
    }
    backoff.reset();
    if (verdict instanceof Verdict.Accepted accepted) {
      target.understood(version);
      accepted(part, accepted.written());
    } else if (verdict instanceof Verdict.NotUnderstood notUnderstood) {
      fallBack(part, notUnderstood.reason());
    } else if (verdict instanceof Verdict.SamplesRefused refused) {
      samplesRefused(part, version, refused);
    } else if (verdict instanceof Verdict.Rejected rejected) {
      rejected(part, version, rejected);
    }
    return Duration.ZERO;
  }

  /** Whoever never understood the protocol may be refusing that, and not a sample. */
  private void rejected(Request part, RemoteWriteVersion version, Verdict.Rejected verdict) {
    if (verdict.understood()) {
      target.understood(version);
    }
    if (target.knows(version)) {
      divideOrSkip(part, Refusal.INVALID, verdict.reason());
    } else {
      fallBack(part, verdict.reason());
    }
  }

  private void fallBack(Request part, String reason) {
    target.fallBack(reason);
    parts.addFirst(part);
  }

  private Duration again(Request part, Duration atLeast) {
    parts.addFirst(part);
    return backoff.next(atLeast);
  }

  private void accepted(Request part, long written) {
    long sent = RequestParts.sampleCount(part);
    long taken = Math.min(sent, written);
    target.accepted(taken, RequestParts.newestTimestamp(part));
    if (taken < sent) {
      target.refused(Refusal.UNWRITTEN, sent - taken);
    }
  }

  private void samplesRefused(
      Request part, RemoteWriteVersion version, Verdict.SamplesRefused verdict) {
    if (verdict.restStored()) {
      target.understood(version);
      countRefused(part, verdict.refusals());
    } else {
      divideOrSkip(part, verdict.refusals().keySet().iterator().next(), verdict.reason());
    }
  }

  /** Exemplars may be refused too, so there can be more refusals than samples. */
  private void countRefused(Request part, Map<Refusal, Long> refusals) {
    long left = RequestParts.sampleCount(part);
    for (Map.Entry<Refusal, Long> refusal : refusals.entrySet()) {
      long counted = Math.min(refusal.getValue(), left);
      refused(refusal.getKey(), counted);
      left -= counted;
    }
    target.accepted(left, RequestParts.newestTimestamp(part));
  }

  private void divideOrSkip(Request part, Refusal refusal, String reason) {
    if (RequestParts.isDivisible(part)) {
      divide(part);
    } else {
      skip(part, refusal, reason);
    }
  }

  private void skip(Request part, Refusal refusal, String reason) {
    if (isDelivered(refusal)) {
      refused(refusal, 1);
    } else {
      target.skipped(refusal, RequestParts.describe(part), tenant, place, reason);
    }
  }

  private void refused(Refusal refusal, long samples) {
    if (isDelivered(refusal)) {
      target.repeated(samples);
    } else {
      target.refused(refusal, samples);
    }
  }

  /** A target that refuses what it may have already, as one that it has, has it. */
  private boolean isDelivered(Refusal refusal) {
    return sentBefore && refusal.isOfRepetition();
  }

  private void divide(Request part) {
    List<Request> halves = RequestParts.halves(part);
    parts.addFirst(halves.get(1));
    parts.addFirst(halves.get(0));
  }
}
