package dev.weir.allinone.demo;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the shop's traces over OTLP as its services would, each with an SDK of its own. Spans carry
 * the times of the plan, moved so that the trace ends now; nothing waits for them to pass.
 */
final class Traffic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);
  private static final Duration TICK = Duration.ofMillis(50);

  /** Spans that may wait for their export; the next traces wait when there are more. */
  private static final int MAX_WAITING = 20_000;

  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(4);
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Shop shop;
  private final Books books;
  private final InstantSource clock;
  private final double tracesPerSecond;
  private final Map<String, SdkTracerProvider> providers = new LinkedHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "demo-traffic"));
  private volatile String recentTrace = "";
  // the rest is of the traffic's thread
  private String nextTrace = "";
  private Instant nextSince = Instant.EPOCH;
  private double due;
  private boolean closed;

  /**
   * @param endpoint of OTLP over gRPC, such as {@code http://127.0.0.1:4317}
   */
  Traffic(Shop shop, Books books, String endpoint, double tracesPerSecond, InstantSource clock) {
    this.shop = shop;
    this.books = books;
    this.clock = clock;
    this.tracesPerSecond = tracesPerSecond;
    Shop.services().forEach(service -> providers.put(service, provider(service, endpoint)));
  }

  /** Begins. */
  @SuppressWarnings("FutureReturnValueIgnored") // a tick reports its failure itself
  void start() {
    thread.scheduleAtFixedRate(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The id of a trace that was sent some seconds ago; empty before there is one. */
  String recentTrace() {
    return recentTrace;
  }

  /** Sends no more, and waits until everything sent is answered; safe to call twice. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopThread();
    List<CompletableResultCode> answers = new ArrayList<>();
    providers.values().forEach(provider -> answers.add(provider.shutdown()));
    CompletableResultCode.ofAll(answers).join(EXPORT_TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  private void stopThread() {
    thread.shutdown();
    try {
      thread.awaitTermination(EXPORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    try {
      sendWhatIsDue();
    } catch (RuntimeException e) { // thrown further, it would end the traffic without a word
      LOG.error("a trace could not be sent", e);
    }
  }

  private void sendWhatIsDue() {
    due += tracesPerSecond * TICK.toMillis() / 1000;
    while (due >= 1) {
      if (books.progress().waiting() > MAX_WAITING) {
        due = 1;
        return;
      }
      due--;
      send(shop.next());
    }
  }

  private void send(TracePlan plan) {
    long start = nowNanos() - plan.durationNanos();
    List<Span> spans = new ArrayList<>(plan.spans().size());
    for (PlannedSpan planned : plan.spans()) {
      spans.add(begin(planned, spans, start));
    }
    books.open(plan, spans.stream().map(Span::getSpanContext).toList());
    for (int i = 0; i < spans.size(); i++) {
      spans.get(i).end(start + plan.spans().get(i).endNanos(), TimeUnit.NANOSECONDS);
    }
    showLater(spans.get(0).getSpanContext().getTraceId());
  }

  /** A trace is shown when it has had the time to arrive. */
  private void showLater(String traceId) {
    Instant now = clock.instant();
    if (now.isAfter(nextSince.plus(ARRIVES_WITHIN))) {
      recentTrace = nextTrace;
      nextTrace = traceId;
      nextSince = now;
    }
  }

  private Span begin(PlannedSpan planned, List<Span> before, long traceStart) {
    SpanBuilder builder =
        tracer(planned.service())
            .spanBuilder(planned.name())
            .setSpanKind(planned.kind())
            .setParent(
                planned.parent() == PlannedSpan.NONE
                    ? Context.root()
                    : Context.root().with(before.get(planned.parent())))
            .setStartTimestamp(traceStart + planned.startNanos(), TimeUnit.NANOSECONDS);
    planned.attributes().forEach(builder::setAttribute);
    Span span = builder.startSpan();
    if (planned.failed()) {
      span.setStatus(StatusCode.ERROR);
    }
    return span;
  }

  private Tracer tracer(String service) {
    return Objects.requireNonNull(providers.get(service), service).get("weir-demo");
  }

  private SdkTracerProvider provider(String service, String endpoint) {
    // no retries: a repeated request may put its spans into the log twice, and the books are exact
    SpanExporter exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(EXPORT_TIMEOUT)
            .setRetryPolicy(null)
            .build();
    BatchSpanProcessor processor =
        BatchSpanProcessor.builder(new BookkeepingExporter(exporter, books))
            .setScheduleDelay(Duration.ofMillis(500))
            .setMaxQueueSize(2 * MAX_WAITING)
            .setExporterTimeout(EXPORT_TIMEOUT.plusSeconds(5))
            .build();
    return SdkTracerProvider.builder()
        .setResource(Resource.builder().put("service.name", service).build())
        .addSpanProcessor(processor)
        .build();
  }

  private long nowNanos() {
    var now = clock.instant();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
  }
}
