package dev.weir.streams.application;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** The meters of settings by tenant. Thread-safe. */
final class OverridesMeters {
  private volatile LongSupplier newest = () -> 0;
  private volatile boolean isFileValid = true;

  /**
   * @param hasFile whether there is a file with settings by tenant
   */
  OverridesMeters(boolean hasFile, MeterRegistry registry) {
    Gauge.builder("weir.overrides.version", this, meters -> meters.newest.getAsLong())
        .description(
            "Number of the newest version of the overrides that this instance knows; 0 before it has read any.")
        .register(registry);
    if (hasFile) {
      Gauge.builder("weir.overrides.file.valid", this, meters -> meters.isFileValid ? 1 : 0)
          .description(
              "Whether overrides.file could be used when it was looked at last; if not, what it said before stays in force.")
          .register(registry);
    }
  }

  /** Where to ask for the newest version's number from now on. */
  void newestIn(LongSupplier number) {
    newest = number;
  }

  void fileIsValid(boolean valid) {
    isFileValid = valid;
  }
}
