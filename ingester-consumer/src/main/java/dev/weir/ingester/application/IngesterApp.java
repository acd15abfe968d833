package dev.weir.ingester.application;

import dev.weir.app.lifecycle.Component;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.api.TraceApi;
import dev.weir.ingester.backend.Backend;
import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.backend.local.LocalBackend;
import dev.weir.ingester.config.IngesterSettings;
import dev.weir.ingester.consumer.SpansConsumer;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.querier.TraceQuerier;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.ingester.tenant.TenantId;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ingester: keeps the traces of the topic of spans and answers queries for them. */
public final class IngesterApp implements Component {
  private final SegmentStore segments;
  private final SpansConsumer consumer;
  private final TraceApi api;
  private final Housekeeping housekeeping;
  private final ScheduledExecutorService schedule =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "ingester-housekeeping");
            thread.setDaemon(true);
            return thread;
          });
  private final Opening opening;
  private @Nullable Future<?> runs;

  /** The ingester with the backend that its settings name. */
  public IngesterApp(IngesterSettings settings, PrometheusMeterRegistry registry) {
    this(settings, registry, Clock.systemUTC(), new LocalBackend(settings.localPath()));
  }

  private IngesterApp(
      IngesterSettings settings,
      PrometheusMeterRegistry registry,
      InstantSource clock,
      LocalBackend backend) {
    this(settings, registry, clock, backend, () -> open(settings, backend));
  }

  /**
   * The ingester with a backend of the caller's.
   *
   * @param opening makes {@code backend} ready for use
   */
  IngesterApp(
      IngesterSettings settings,
      PrometheusMeterRegistry registry,
      InstantSource clock,
      Backend backend,
      Opening opening) {
    this.opening = opening;
    IngesterMetrics metrics = new IngesterMetrics(registry);
    LiveTraces liveTraces = new LiveTraces(clock, settings.cut());
    metrics.watch(liveTraces);
    if (!settings.topic().multitenancy()) {
      metrics.received(new TenantId(TopicSettings.SINGLE_TENANT), 0, 0, 0); // from the start
    }
    segments = new SegmentStore(backend, settings.filterCacheBytes());
    consumer = new SpansConsumer(settings, liveTraces, segments, metrics, clock);
    housekeeping = new Housekeeping(segments, settings.retention(), clock, metrics);
    api =
        new TraceApi(
            new TraceQuerier(liveTraces, segments),
            metrics,
            settings.topic().multitenancy(),
            version());
  }

  @Override
  public void start() {
    try {
      opening.open();
      segments.refresh();
    } catch (BackendUnavailableException e) {
      throw new IllegalStateException(
          "the traces in the backend cannot be read: " + e.getMessage(), e);
    }
    long period = Housekeeping.PERIOD.toMillis();
    runs = schedule.scheduleWithFixedDelay(housekeeping, period, period, TimeUnit.MILLISECONDS);
    consumer.start();
  }

  @Override
  public Readiness readiness() {
    return consumer.readiness();
  }

  @Override
  public Object[] httpBeans() {
    return new Object[] {api};
  }

  @Override
  public void close() {
    consumer.close();
    if (runs != null) {
      runs.cancel(true);
    }
    schedule.shutdownNow();
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }

  private static void open(IngesterSettings settings, LocalBackend backend) {
    try {
      backend.open();
    } catch (BackendUnavailableException e) {
      throw new InvalidSettingsException(
          "backend.local.path=%s: the directory must be readable and writable: %s"
              .formatted(settings.localPath(), e.getMessage()));
    }
  }

  private static String version() {
    return Optional.ofNullable(IngesterApp.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Makes a backend ready for use, or says why it never can be. */
  @FunctionalInterface
  interface Opening {
    void open();
  }
}
