/** Objects as files of a local directory. */
@NullMarked
package dev.weir.ingester.backend.local;

import org.jspecify.annotations.NullMarked;
