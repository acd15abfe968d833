/**
 * Trace by id over live traces and segments: find, merge, remove duplicates. Knows neither HTTP nor
 * files.
 */
@NullMarked
package dev.weir.ingester.querier;

import org.jspecify.annotations.NullMarked;
