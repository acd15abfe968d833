/**
 * A remote-write receiver that keeps the latest samples of each series in memory: the built-in
 * target. Knows nothing of who sends.
 */
@NullMarked
package dev.weir.allinone.receiver;

import org.jspecify.annotations.NullMarked;
