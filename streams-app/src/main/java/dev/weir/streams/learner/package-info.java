/** Reads what tasks observed of labels, in one instance at a time, and publishes what it learns. */
@NullMarked
package dev.weir.streams.learner;

import org.jspecify.annotations.NullMarked;
