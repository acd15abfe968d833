/** Label sets, histograms and the amounts that grow between two commits. Pure Java. */
@NullMarked
package dev.weir.streams.series;

import org.jspecify.annotations.NullMarked;
