/** Accepts spans over OTLP and publishes them to Kafka, split by trace. */
@NullMarked
package dev.weir.distributor;

import org.jspecify.annotations.NullMarked;
