/**
 * What both OTLP transports say in answer, as protobuf bytes. The transports themselves are in the
 * packages below.
 */
@NullMarked
package dev.weir.distributor.receiver;

import org.jspecify.annotations.NullMarked;
