package dev.weir.streams.merge;

/**
 * How much of each tenant may be active. A function of its arguments, of which a replay gets the
 * same answers. Thread-safe.
 */
@FunctionalInterface
public interface TenantLimits {

  /**
   * @param tenant tenant id, UTF-8
   * @param window number of the window that is being closed
   */
  SeriesLimits of(byte[] tenant, long window);
}
