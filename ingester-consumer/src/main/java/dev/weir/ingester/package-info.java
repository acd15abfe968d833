/** Keeps traces: reads the spans topic, writes to the backend, answers trace queries. */
@NullMarked
package dev.weir.ingester;

import org.jspecify.annotations.NullMarked;
