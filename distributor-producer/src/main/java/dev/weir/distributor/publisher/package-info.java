/**
 * Adapter: records of spans to Kafka, and whether Kafka can be reached. Nothing here knows OTLP.
 */
@NullMarked
package dev.weir.distributor.publisher;

import org.jspecify.annotations.NullMarked;
