/** What operators ask of the streams app besides the endpoints that all applications have. */
@NullMarked
package dev.weir.streams.status;

import org.jspecify.annotations.NullMarked;
