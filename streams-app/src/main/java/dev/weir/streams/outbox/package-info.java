/** Samples as remote-write requests, the form in which they wait in the outbox topic. Pure Java. */
@NullMarked
package dev.weir.streams.outbox;

import org.jspecify.annotations.NullMarked;
