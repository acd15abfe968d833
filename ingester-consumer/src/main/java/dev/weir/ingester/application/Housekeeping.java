package dev.weir.ingester.application;

import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.telemetry.IngesterMetrics;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the list of segments anew and deletes those whose retention is over. For one thread. */
final class Housekeeping implements Runnable {
  /** How often it runs. */
  static final Duration PERIOD = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final SegmentStore segments;
  private final Duration retention;
  private final InstantSource clock;
  private final IngesterMetrics metrics;

  Housekeeping(
      SegmentStore segments, Duration retention, InstantSource clock, IngesterMetrics metrics) {
    this.segments = segments;
    this.retention = retention;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void run() {
    try {
      segments.refresh();
      metrics.segmentsDeleted(segments.deleteOlderThan(clock.instant().minus(retention)));
    } catch (BackendUnavailableException | RuntimeException e) { // the next run may do it
      LOG.warn("housekeeping failed, it runs again in {}: {}", PERIOD, e.toString());
    }
  }
}
