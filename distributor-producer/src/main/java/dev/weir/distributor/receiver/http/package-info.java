/**
 * Adapter: OTLP over HTTP. Decodes the body, hands over bytes and turns outcomes into HTTP
 * statuses.
 */
@NullMarked
package dev.weir.distributor.receiver.http;

import org.jspecify.annotations.NullMarked;
