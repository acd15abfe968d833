/** Composition root and main of the streams app. */
@NullMarked
package dev.weir.streams.application;

import org.jspecify.annotations.NullMarked;
