/** {@code weir snapshot}: the state of an installation at the border of a window, as files. */
@NullMarked
package dev.weir.allinone.snapshot;

import org.jspecify.annotations.NullMarked;
