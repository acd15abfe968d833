package dev.weir.streams.simulator;

import dev.weir.streams.overrides.SettingsByWindow;

/** What is in force for tenants, and who learns from what tasks observe of their labels. */
@FunctionalInterface
interface SimulatedTenants extends SettingsByWindow {

  /** A task has committed what it observed. */
  default void observed(String tenant, byte[] observations) {}
}
