/** Spans to rate, errors and durations per operation. Pure Java. */
@NullMarked
package dev.weir.streams.spanmetrics;

import org.jspecify.annotations.NullMarked;
