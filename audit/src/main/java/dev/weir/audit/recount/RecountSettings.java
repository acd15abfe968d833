package dev.weir.audit.recount;

import dev.weir.schemas.topic.SpanCodec;
import java.time.Duration;
import java.util.Optional;

/**
 * What the streams app was told about the records.
 *
 * @param fixedTenant the tenant of all records; if absent, a record's key says
 * @param window length of a window
 * @param bound how much earlier than its predecessors a record may be without being late
 * @param labels what labels spans have
 * @param spanMetrics whether span metrics are made
 * @param serviceGraphs whether edges are made
 */
public record RecountSettings(
    SpanCodec codec,
    Optional<String> fixedTenant,
    Duration window,
    Duration bound,
    LabelSettings labels,
    boolean spanMetrics,
    boolean serviceGraphs) {}
