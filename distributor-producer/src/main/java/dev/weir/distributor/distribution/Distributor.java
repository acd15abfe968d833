package dev.weir.distributor.distribution;

import dev.weir.distributor.distribution.InflightBudget.Reservation;
import dev.weir.distributor.distribution.Outcome.Accepted;
import dev.weir.distributor.distribution.Outcome.Invalid;
import dev.weir.distributor.distribution.Outcome.TooLarge;
import dev.weir.distributor.distribution.Outcome.Unauthenticated;
import dev.weir.distributor.distribution.Outcome.Unavailable;
import dev.weir.distributor.validation.Tenancy;
import dev.weir.distributor.validation.TenantRule;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.topic.SpanCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests of spans and answers each when its records are in the log. Thread-safe; callers
 * are never blocked, the work is done on {@code workers} and the log's own threads.
 */
public final class Distributor {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Distributor.class);

  private final TenantRule tenantRule;
  private final RecordPlanner planner;
  private final SpanLog log;
  private final InflightBudget budget;
  private final Executor workers;
  private final LongSupplier nanoClock;
  private final DistributionObserver observer;
  private volatile boolean stopping;

  /**
   * @param maxRecordBytes most that the value of a record may have
   * @param workers may queue without bound: the budget is taken before
   * @param nanoClock for durations only
   */
  public Distributor(
      TenantRule tenantRule,
      SpanCodec codec,
      int maxRecordBytes,
      SpanLog log,
      InflightBudget budget,
      Executor workers,
      LongSupplier nanoClock,
      DistributionObserver observer) {
    this.tenantRule = tenantRule;
    this.planner = new RecordPlanner(codec, maxRecordBytes);
    this.log = log;
    this.budget = budget;
    this.workers = workers;
    this.nanoClock = nanoClock;
    this.observer = observer;
  }

  /** The outcome of a request; the stage never completes exceptionally. */
  public CompletionStage<Outcome> distribute(ExportRequest request) {
    long start = nanoClock.getAsLong();
    Transport transport = request.transport(); // not the request: its bytes must not live on
    Reservation reservation = budget.open();
    return begin(request, reservation)
        .exceptionally(Distributor::unexpected)
        .whenComplete((answer, failure) -> end(transport, reservation, answer, start));
  }

  /** From now on requests are told to try again, elsewhere. */
  public void refuseNew() {
    stopping = true;
  }

  private CompletableFuture<Outcome> begin(ExportRequest request, Reservation reservation) {
    if (stopping) {
      return CompletableFuture.completedFuture(
          new Unavailable(RETRY_AFTER, "this distributor is shutting down"));
    }
    return reservation.resize(request.bytes())
        ? CompletableFuture.completedFuture(request)
            .thenComposeAsync(accepted -> work(accepted, reservation), workers)
        : CompletableFuture.completedFuture(busy());
  }

  /** Counts the answer to a request that its transport refused on its own. */
  public void refused(Transport transport, Outcome.Refusal refusal) {
    observer.answered(transport, refusal, Duration.ZERO);
  }

  private void end(Transport transport, Reservation reservation, Outcome answer, long start) {
    reservation.close();
    observer.answered(transport, answer, Duration.ofNanos(nanoClock.getAsLong() - start));
  }

  private static Outcome unexpected(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    LOG.error("a request failed because of an error in the distributor", cause);
    return new Outcome.Failed("the distributor failed: " + cause);
  }

  private CompletableFuture<Outcome> work(ExportRequest request, Reservation reservation) {
    try {
      byte[] body = request.body().decode();
      reserve(reservation, body.length);
      ScannedRequest scanned = RequestScanner.scan(body);
      if (scanned.spans() == 0) { // there is nothing that could belong to a tenant
        return CompletableFuture.completedFuture(Accepted.ALL);
      }
      Tenancy.Known tenant = require(tenantRule.judge(request.tenantHeader()));
      observer.received(tenant.tenant(), scanned.spans(), body.length);
      return publish(scanned, tenant, reservation);
    } catch (MalformedOtlpException e) {
      return CompletableFuture.completedFuture(
          new Invalid("the body is not a valid OTLP trace request: " + e.getMessage()));
    } catch (RefusedException e) {
      return CompletableFuture.completedFuture(e.refusal());
    }
  }

  private CompletableFuture<Outcome> publish(
      ScannedRequest scanned, Tenancy.Known tenant, Reservation reservation)
      throws RefusedException {
    RecordPlan plan = planner.plan(scanned, tenant.key(), log.partitions());
    Rejections rejections = scanned.rejections();
    rejections
        .counts()
        .forEach((fault, spans) -> observer.discarded(tenant.tenant(), fault, spans));
    if (rejections.total() == scanned.spans()) {
      throw new RefusedException(new Invalid(rejections.describe(scanned.spans())));
    }
    reserve(reservation, scanned.table().body.length + plan.bytes());
    Outcome accepted =
        rejections.total() == 0
            ? Accepted.ALL
            : new Accepted(rejections.total(), rejections.describe(scanned.spans()));
    return log.append(tenant.key(), plan.encode())
        .thenApply(refusal -> refusal.<Outcome>map(found -> found).orElse(accepted));
  }

  /** Takes room for the body, and for its records once their size is known. */
  private void reserve(Reservation reservation, long bytes) throws RefusedException {
    if (bytes > budget.largestShare()) {
      throw new RefusedException(
          new TooLarge(
              "the request and its records need %d bytes, but all requests together may have %d"
                  .formatted(bytes, budget.largestShare())));
    }
    if (!reservation.resize(bytes)) {
      throw new RefusedException(busy());
    }
  }

  private static Tenancy.Known require(Tenancy tenancy) throws RefusedException {
    if (tenancy instanceof Tenancy.Known known) {
      return known;
    }
    throw new RefusedException(
        tenancy instanceof Tenancy.Malformed malformed
            ? new Invalid(malformed.fault())
            : new Unauthenticated("no tenant: the header " + TenantRule.HEADER + " is missing"));
  }

  private Unavailable busy() {
    return new Unavailable(
        RETRY_AFTER,
        "%d of %d bytes are in flight; try again"
            .formatted(budget.usedBytes(), budget.largestShare()));
  }
}
