/** Asks Prometheus for a total. */
@NullMarked
package dev.weir.audit.prometheus;

import org.jspecify.annotations.NullMarked;
