/** What crosses Kafka between the applications of Weir. */
@NullMarked
package dev.weir.schemas;

import org.jspecify.annotations.NullMarked;
