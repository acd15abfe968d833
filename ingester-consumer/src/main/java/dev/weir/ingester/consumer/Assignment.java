package dev.weir.ingester.consumer;

import dev.weir.ingester.telemetry.IngesterMetrics.Lag;

/**
 * One partition's time with this instance, from assignment to revocation. A segment remembers it,
 * so that one which is written late cannot commit into a later time, over another instance's
 * offsets; compared by identity.
 */
final class Assignment {
  private final Lag lag;

  Assignment(Lag lag) {
    this.lag = lag;
  }

  Lag lag() {
    return lag;
  }
}
