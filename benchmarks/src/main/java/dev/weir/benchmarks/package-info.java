/** The command line of the benchmarks. Depended on by nothing. */
@NullMarked
package dev.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
