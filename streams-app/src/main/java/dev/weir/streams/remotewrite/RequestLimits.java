package dev.weir.streams.remotewrite;

import dev.weir.app.settings.InvalidSettingsException;
import java.time.Duration;

/**
 * How hard a target may be pushed.
 *
 * @param samples in a request, at least 1; a series is not divided for it
 * @param atOnce requests under way, from 1 to 1000
 * @param shortestPause before a request is repeated, at least 1 ms
 * @param longestPause before a request is repeated, not less than the former
 */
public record RequestLimits(
    long samples, int atOnce, Duration shortestPause, Duration longestPause) {
  /** As many samples as come together, and Prometheus's pauses. */
  public static final RequestLimits DEFAULT =
      new RequestLimits(Long.MAX_VALUE, 8, Duration.ofMillis(30), Duration.ofSeconds(5));

  public RequestLimits {
    check(samples >= 1, "max_samples_per_send of a remote-write target must be at least 1");
    check(
        atOnce >= 1 && atOnce <= 1000,
        "max_shards of a remote-write target must be from 1 to 1000, not " + atOnce);
    check(
        shortestPause.toMillis() >= 1, "min_backoff of a remote-write target must be at least 1ms");
    check(
        longestPause.compareTo(shortestPause) >= 0,
        "max_backoff of a remote-write target must not be less than min_backoff");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new InvalidSettingsException(otherwise);
    }
  }
}
