/** More partitions for an installation that runs: {@code weir topics scale}. */
@NullMarked
package dev.weir.allinone.scale;

import org.jspecify.annotations.NullMarked;
