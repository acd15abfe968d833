/**
 * Runs one application: its settings, its life cycle and its HTTP server. Knows nothing of spans.
 */
@NullMarked
package dev.weir.app;

import org.jspecify.annotations.NullMarked;
