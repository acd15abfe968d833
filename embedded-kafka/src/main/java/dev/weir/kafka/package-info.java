/** A real Kafka broker in this JVM. The only package that may touch the broker's own classes. */
@NullMarked
package dev.weir.kafka;

import org.jspecify.annotations.NullMarked;
