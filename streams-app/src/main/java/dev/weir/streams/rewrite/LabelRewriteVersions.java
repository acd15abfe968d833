package dev.weir.streams.rewrite;

/** Tells which version is in force; the same for a tenant and window whoever asks, and whenever. */
@FunctionalInterface
public interface LabelRewriteVersions {

  /**
   * May block until it is certain that no other version could be in force.
   *
   * @param tenant tenant id, UTF-8
   * @param window counted from the Unix epoch
   */
  LabelRewrites at(byte[] tenant, long window);
}
