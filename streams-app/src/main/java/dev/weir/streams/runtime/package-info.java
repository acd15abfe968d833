/** Kafka Streams' own settings and what happens when it fails. */
@NullMarked
package dev.weir.streams.runtime;

import org.jspecify.annotations.NullMarked;
