/** Computes again from the log, beside the live application, and compares what comes out. */
@NullMarked
package dev.weir.allinone.replay;

import org.jspecify.annotations.NullMarked;
