/**
 * The second stage for one shard: adds up deltas, closes windows, lets samples out. Pure Java; the
 * topology drives it.
 */
@NullMarked
package dev.weir.streams.merge;

import org.jspecify.annotations.NullMarked;
