package dev.weir.streams.remotewrite;

/** One request to a target and its answer. Thread-safe. */
@FunctionalInterface
interface Exchange {

  /**
   * Sends and waits, at most for the target's timeout.
   *
   * @param body the request before compression
   */
  Verdict send(String tenant, RemoteWriteVersion version, byte[] body);
}
