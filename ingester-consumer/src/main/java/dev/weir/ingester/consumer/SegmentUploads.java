package dev.weir.ingester.consumer;

import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.livetraces.CutSegment;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceRecords;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes cut segments on a thread of its own, one at a time and in the order they were cut, so that
 * a partition's are finished in the order of their offsets. A failed write is repeated for ever;
 * what waits is bounded by what the poll loop fetches.
 */
final class SegmentUploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentUploads.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final SegmentStore segments;
  private final LiveTraces liveTraces;
  private final IngesterMetrics metrics;
  private final BlockingQueue<Upload> waiting = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "ingester-uploads");

  /** Those not taken by {@link #finished} yet, in order; for the poll loop's thread. */
  private final List<Upload> pending = new ArrayList<>();

  private volatile @Nullable String lastFailure;

  SegmentUploads(SegmentStore segments, LiveTraces liveTraces, IngesterMetrics metrics) {
    this.segments = segments;
    this.liveTraces = liveTraces;
    this.metrics = metrics;
  }

  void start() {
    thread.start();
  }

  void submit(Upload upload) {
    pending.add(upload);
    waiting.add(upload);
  }

  boolean isIdle() {
    return pending.isEmpty();
  }

  /** Takes those that have become durable since the last call, in order. */
  List<Upload> finished() {
    List<Upload> finished = pending.stream().filter(upload -> upload.done().isDone()).toList();
    pending.removeAll(finished);
    return finished;
  }

  /** Waits until all are durable, but not longer than {@code atMost}. */
  void await(Duration atMost) {
    try {
      CompletableFuture.allOf(
              pending.stream().map(Upload::done).toArray(CompletableFuture<?>[]::new))
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("segments were not written within {}; their records are read again", atMost);
    } catch (ExecutionException e) {
      throw new IllegalStateException("uploads do not complete exceptionally", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why the latest write failed; nothing if it did not. */
  Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /** Stops at once, even within a write, which the backend then undoes. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        Upload upload = waiting.take();
        write(upload.segment());
        liveTraces.written(upload.segment());
        upload.done().complete(null);
      }
    } catch (InterruptedException e) {
      LOG.debug("uploads stop");
    }
  }

  private void write(CutSegment segment) throws InterruptedException {
    for (Map.Entry<TenantId, TraceRecords> tenant : segment.tenants().entrySet()) {
      Duration pause = FIRST_PAUSE;
      while (!isWritten(segment, tenant.getKey(), tenant.getValue())) {
        Thread.sleep(pause.toMillis());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  private boolean isWritten(CutSegment segment, TenantId tenant, TraceRecords records) {
    Timer.Sample sample = Timer.start();
    try {
      segments.write(
          tenant, segment.partition(), segment.firstOffset(), segment.lastOffset(), records);
      metrics.segmentWritten();
      lastFailure = null;
      return true;
    } catch (BackendUnavailableException | RuntimeException e) { // a bug must not end the thread
      metrics.segmentWriteFailed();
      lastFailure = String.valueOf(e.getMessage());
      LOG.warn(
          "the segment of {}, partition {}, offsets {} to {} is not written yet: {}",
          tenant,
          segment.partition(),
          segment.firstOffset(),
          segment.lastOffset(),
          e.toString());
      return false;
    } finally {
      sample.stop(metrics.segmentWriteDuration());
    }
  }
}
