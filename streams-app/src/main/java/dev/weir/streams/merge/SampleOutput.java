package dev.weir.streams.merge;

/** Where samples go, in the transaction that commits what they were made of. */
@FunctionalInterface
public interface SampleOutput {

  /**
   * @param tenant tenant id, UTF-8
   * @param request a remote-write 2.0 request
   */
  void samples(byte[] tenant, byte[] request);
}
