/**
 * Label values that are replaced before a label set gets its hash: span names by templates, and
 * values of labels that have too many. What is replaced by what is learned in one place and
 * published as numbered versions; a task applies the version that is in force for a window, and
 * never decides by itself. Pure Java.
 */
@NullMarked
package dev.weir.streams.rewrite;

import org.jspecify.annotations.NullMarked;
