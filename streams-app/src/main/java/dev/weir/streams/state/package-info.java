/** Store builders and RocksDB's memory budget. */
@NullMarked
package dev.weir.streams.state;

import org.jspecify.annotations.NullMarked;
