/** Reads Tempo's configuration and says what Weir's would be. */
@NullMarked
package dev.weir.allinone.tempo;

import org.jspecify.annotations.NullMarked;
