/** Wires the topology and gives every node, store and topic its name; nothing else. */
@NullMarked
package dev.weir.streams.topology;

import org.jspecify.annotations.NullMarked;
