package dev.weir.distributor.publisher;

import dev.weir.distributor.distribution.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Collects what Kafka says to the records of one request. Thread-safe. */
final class Acknowledgements {
  private final AtomicInteger missing;
  private final AtomicReference<Outcome.@Nullable Refusal> first = new AtomicReference<>();
  private final CompletableFuture<Optional<Outcome.Refusal>> all = new CompletableFuture<>();

  Acknowledgements(int records) {
    missing = new AtomicInteger(records);
  }

  /** Completed with the first refusal, if any, when every record has its answer. */
  CompletableFuture<Optional<Outcome.Refusal>> all() {
    return all;
  }

  void stored() {
    if (missing.decrementAndGet() == 0) {
      all.complete(Optional.ofNullable(first.get()));
    }
  }

  void refused(Outcome.Refusal refusal) {
    first.compareAndSet(null, refusal);
    stored();
  }
}
