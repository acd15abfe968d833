package dev.weir.audit.recount;

import dev.weir.schemas.topic.SpanCodec;
import java.time.Duration;
import java.util.Optional;

/**
 * What the streams app was told about the records.
 *
 * @param fixedTenant the tenant of all records; if absent, a record's key says
 * @param window length of a window
 * @param producersTime whether the times of records are their producers'
 * @param bound how much earlier than its predecessors a record may be without being late
 * @param labels what labels spans have
 * @param spanMetrics whether span metrics are made
 * @param serviceGraphs whether edges are made
 */
public record RecountSettings(
    SpanCodec codec,
    Optional<String> fixedTenant,
    Duration window,
    boolean producersTime,
    Duration bound,
    LabelSettings labels,
    boolean spanMetrics,
    boolean serviceGraphs) {
  private static final Duration BROKERS_BOUND = Duration.ofSeconds(1);
  private static final Duration PRODUCERS_BOUND = Duration.ofSeconds(10);

  /**
   * The bound unless another is set.
   *
   * @param producersTime whether the times of records are their producers'
   */
  public static Duration defaultBound(boolean producersTime) {
    return producersTime ? PRODUCERS_BOUND : BROKERS_BOUND;
  }

  /** The same for records of another time. */
  public RecountSettings at(boolean otherProducersTime, Duration otherBound) {
    return new RecountSettings(
        codec,
        fixedTenant,
        window,
        otherProducersTime,
        otherBound,
        labels,
        spanMetrics,
        serviceGraphs);
  }
}
