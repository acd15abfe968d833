package dev.weir.ingester.livetraces;

import java.time.Duration;

/**
 * When a partition's open segment is cut: whichever comes first.
 *
 * @param maxAge since its first record was read, by the wall clock of the ingester
 * @param maxBytes of records, uncompressed, at least 1
 */
public record CutPolicy(Duration maxAge, long maxBytes) {}
