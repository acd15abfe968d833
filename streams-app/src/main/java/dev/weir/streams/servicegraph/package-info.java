/** Spans to edges between services: pairs halves, expires the unpaired. Pure Java. */
@NullMarked
package dev.weir.streams.servicegraph;

import org.jspecify.annotations.NullMarked;
