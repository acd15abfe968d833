/** Which hosts resources run on. Pure Java. */
@NullMarked
package dev.weir.streams.hostinfo;

import org.jspecify.annotations.NullMarked;
