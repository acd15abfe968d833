/** How keys and trace ids choose partitions: one function for everybody who writes. */
@NullMarked
package dev.weir.schemas.key;

import org.jspecify.annotations.NullMarked;
