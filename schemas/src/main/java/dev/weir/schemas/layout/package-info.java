/** Primitives of Weir's own binary layouts: growing writer, checking reader. */
@NullMarked
package dev.weir.schemas.layout;

import org.jspecify.annotations.NullMarked;
