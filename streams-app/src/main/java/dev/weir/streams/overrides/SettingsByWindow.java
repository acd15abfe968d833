package dev.weir.streams.overrides;

/** Tells what is in force; the same for a tenant and window whoever asks, and whenever. */
@FunctionalInterface
public interface SettingsByWindow {

  /**
   * To be asked only after something of that window was seen. May block until it is certain that
   * there is no other version that could be in force.
   *
   * @param tenant tenant id
   * @param window counted from the Unix epoch
   */
  EffectiveSettings at(String tenant, long window);

  /** The same for all tenants at all times. */
  static SettingsByWindow always(TenantSettings settings) {
    EffectiveSettings effective = new EffectiveSettings(0, settings);
    return (tenant, window) -> effective;
  }
}
