/** The spans that everything is measured with, and a topic full of them. */
@NullMarked
package dev.weir.benchmarks.payload;

import org.jspecify.annotations.NullMarked;
