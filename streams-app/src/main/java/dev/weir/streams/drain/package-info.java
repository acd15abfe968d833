/**
 * Span names that differ only in what looks like data become one: templates are learned in one
 * place and applied without learning. Pure Java.
 */
@NullMarked
package dev.weir.streams.drain;

import org.jspecify.annotations.NullMarked;
