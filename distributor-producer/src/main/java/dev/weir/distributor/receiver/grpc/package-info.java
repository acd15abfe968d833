/** Adapter: OTLP over gRPC. Hands over bytes and turns outcomes into gRPC statuses. */
@NullMarked
package dev.weir.distributor.receiver.grpc;

import org.jspecify.annotations.NullMarked;
