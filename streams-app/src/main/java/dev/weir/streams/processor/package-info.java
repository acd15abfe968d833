/**
 * The two stages as Kafka Streams processors: glue around aggregate and merge, and the hook before
 * the commit.
 */
@NullMarked
package dev.weir.streams.processor;

import org.jspecify.annotations.NullMarked;
