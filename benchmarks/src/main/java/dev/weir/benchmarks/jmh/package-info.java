/** Benchmarks of single steps, run by JMH. */
@NullMarked
package dev.weir.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
