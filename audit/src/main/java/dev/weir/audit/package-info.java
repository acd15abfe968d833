/**
 * Proves that the books balance: recounts the spans in Kafka the plain way and compares. Uses
 * nothing of what counts them in the first place.
 */
@NullMarked
package dev.weir.audit;

import org.jspecify.annotations.NullMarked;
