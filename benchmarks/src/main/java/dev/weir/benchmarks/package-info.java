/** Measures the hot paths. Nothing depends on it. */
@NullMarked
package dev.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
