/** How much memory and disk label sets take. */
@NullMarked
package dev.weir.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
