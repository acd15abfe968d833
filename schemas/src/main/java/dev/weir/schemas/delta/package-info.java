/**
 * What the first stage of the topology tells the second: how much each series grew in a window, and
 * how far a source partition is complete.
 */
@NullMarked
package dev.weir.schemas.delta;

import org.jspecify.annotations.NullMarked;
