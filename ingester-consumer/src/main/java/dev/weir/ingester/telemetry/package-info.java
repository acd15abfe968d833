/** The names of the metrics of the ingester, all registered from the start. */
@NullMarked
package dev.weir.ingester.telemetry;

import org.jspecify.annotations.NullMarked;
