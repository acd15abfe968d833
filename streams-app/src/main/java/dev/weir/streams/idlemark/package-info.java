/** Appends idle marks to quiet partitions of the topic of spans. */
@NullMarked
package dev.weir.streams.idlemark;

import org.jspecify.annotations.NullMarked;
