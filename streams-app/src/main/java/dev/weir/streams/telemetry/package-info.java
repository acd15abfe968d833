/** What the streams app tells of itself: meters and completeness. */
@NullMarked
package dev.weir.streams.telemetry;

import org.jspecify.annotations.NullMarked;
