/** How many spans a span stands for, where others were sampled away before. Pure Java. */
@NullMarked
package dev.weir.streams.weight;

import org.jspecify.annotations.NullMarked;
