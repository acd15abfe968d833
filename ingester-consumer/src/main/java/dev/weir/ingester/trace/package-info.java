/**
 * Traces in OTLP bytes: which ids a record holds, and the spans of one of them. Bytes in, bytes
 * out; knows neither Kafka nor storage.
 */
@NullMarked
package dev.weir.ingester.trace;

import org.jspecify.annotations.NullMarked;
