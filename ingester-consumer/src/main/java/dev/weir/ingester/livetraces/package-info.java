/**
 * Traces that were read and are not in the backend yet, by partition and tenant, and when to cut
 * them. Knows neither Kafka nor storage.
 */
@NullMarked
package dev.weir.ingester.livetraces;

import org.jspecify.annotations.NullMarked;
