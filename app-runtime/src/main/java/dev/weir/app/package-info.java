/** What every application needs around its own job: settings, life cycle, HTTP server. */
@NullMarked
package dev.weir.app;

import org.jspecify.annotations.NullMarked;
