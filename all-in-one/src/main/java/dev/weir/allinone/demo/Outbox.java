package dev.weir.allinone.demo;

import dev.weir.allinone.receiver.Labels;
import java.util.Map;

/** The samples that are on their way to targets. */
@FunctionalInterface
public interface Outbox {

  /**
   * The time of the latest sample of each series, Unix milliseconds.
   *
   * @param sinceMillis looks only at what was written at or after this time, Unix milliseconds
   */
  Map<Labels, Long> latestSince(long sinceMillis);
}
