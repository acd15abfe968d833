package dev.weir.distributor.distribution;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where records of spans go and stay. Implementations are thread-safe. */
public interface SpanLog {

  /**
   * How many partitions there are now. May block for a bounded time.
   *
   * @throws RefusedException if that is not known
   */
  int partitions() throws RefusedException;

  /**
   * Appends all records. May block for a bounded time.
   *
   * @param key of each record
   * @return completed, never exceptionally, when each record is stored durably or was given up:
   *     empty if all are stored, else the first refusal
   */
  CompletableFuture<Optional<Outcome.Refusal>> append(byte[] key, List<SpanRecord> records);
}
