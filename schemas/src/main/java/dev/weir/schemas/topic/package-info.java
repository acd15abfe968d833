/** The topics between the applications: names, what stands in them, how they are configured. */
@NullMarked
package dev.weir.schemas.topic;

import org.jspecify.annotations.NullMarked;
