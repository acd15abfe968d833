package dev.weir.streams.remotewrite;

import java.util.Optional;

/**
 * How a target is reached.
 *
 * @param proxy an HTTP proxy on the way
 * @param http2 whether HTTP/2 is used where the target offers it
 */
public record Connection(Tls tls, Optional<ProxyAddress> proxy, boolean http2) {
  /** Directly, over HTTP/1.1. */
  public static final Connection DEFAULT = new Connection(Tls.DEFAULT, Optional.empty(), false);

  /** Where a proxy listens. */
  public record ProxyAddress(String host, int port) {}
}
