package dev.weir.distributor.distribution;

/** How a request came. */
public enum Transport {
  GRPC,
  HTTP
}
