package dev.weir.allinone.plan;

import dev.weir.allinone.replay.Growth.Increment;
import java.util.Map;
import java.util.Set;

/**
 * What came out under one of the two settings.
 *
 * @param growth by tenant and series, how much each counter grew over the whole time
 * @param series all series, gauges too: tenant, a space, and the series
 * @param samples how many samples
 * @param cpuNanos processor time that it took
 */
record Computed(Map<String, Increment> growth, Set<String> series, long samples, long cpuNanos) {
  Computed {
    growth = Map.copyOf(growth);
    series = Set.copyOf(series);
  }
}
