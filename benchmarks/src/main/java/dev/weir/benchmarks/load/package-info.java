/** The load command: processes of their own, their CPU time, and what they did with it. */
@NullMarked
package dev.weir.benchmarks.load;

import org.jspecify.annotations.NullMarked;
