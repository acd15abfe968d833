/**
 * The first stage for one partition of spans: windows, completeness, deltas, the books. Pure Java;
 * the topology drives it.
 */
@NullMarked
package dev.weir.streams.aggregate;

import org.jspecify.annotations.NullMarked;
