/**
 * The consumer group: poll loop, rebalances, uploads. Offsets are committed only after their
 * segment is in the backend.
 */
@NullMarked
package dev.weir.ingester.consumer;

import org.jspecify.annotations.NullMarked;
