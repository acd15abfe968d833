package dev.weir.ingester.api;

import dev.weir.ingester.querier.TraceQuerier;
import dev.weir.ingester.telemetry.IngesterMetrics;

/**
 * What the controllers of the query API need; they take part in an HTTP server only if it is given
 * one.
 *
 * @param querier finds traces
 * @param metrics counts and times queries
 * @param multitenancy whether a request must name its tenant
 * @param version of Weir, for {@code /api/status/buildinfo}
 */
public record TraceApi(
    TraceQuerier querier, IngesterMetrics metrics, boolean multitenancy, String version) {}
