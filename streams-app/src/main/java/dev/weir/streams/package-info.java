/**
 * Derives span metrics and the service graph from the spans topic, exactly once, and sends them by
 * remote write.
 */
@NullMarked
package dev.weir.streams;

import org.jspecify.annotations.NullMarked;
