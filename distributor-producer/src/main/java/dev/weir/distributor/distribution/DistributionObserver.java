package dev.weir.distributor.distribution;

import dev.weir.distributor.validation.SpanFault;
import java.time.Duration;

/** Is told what happens to requests, for metrics. Implementations are thread-safe. */
public interface DistributionObserver {

  /**
   * A well-formed request of a known tenant.
   *
   * @param spans in it, whether acceptable or not
   * @param bytes decoded
   */
  void received(String tenant, int spans, int bytes);

  /** Spans that were not accepted. */
  void discarded(String tenant, SpanFault fault, int spans);

  /** The end of a request, {@code elapsed} after its arrival. */
  void answered(Transport transport, Outcome outcome, Duration elapsed);
}
