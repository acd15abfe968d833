/** Edge: the distributor's meters. Nothing here decides anything. */
@NullMarked
package dev.weir.distributor.telemetry;

import org.jspecify.annotations.NullMarked;
