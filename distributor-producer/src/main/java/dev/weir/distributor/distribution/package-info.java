/**
 * Domain: splits the bytes of a request by trace into records and decides what to answer. Knows
 * neither Kafka nor a transport.
 */
@NullMarked
package dev.weir.distributor.distribution;

import org.jspecify.annotations.NullMarked;
