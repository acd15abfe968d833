package dev.weir.allinone;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Traces of two services and a database, through the OpenTelemetry SDK's own exporter; knows which
 * spans were acknowledged.
 */
final class TestTraffic implements AutoCloseable {
  static final int SPANS_PER_TRACE = 3;
  private static final int BATCH = 512;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicLong failed = new AtomicLong();
  private final List<Counting> exporters = new ArrayList<>();
  private final SdkTracerProvider shop;
  private final SdkTracerProvider cart;
  private long traces;
  private volatile String lastTraceId = "";

  TestTraffic(String otlpGrpcUrl) {
    shop = provider("shop", otlpGrpcUrl);
    cart = provider("cart", otlpGrpcUrl);
  }

  private SdkTracerProvider provider(String service, String url) {
    Counting exporter =
        new Counting(
            OtlpGrpcSpanExporter.builder()
                .setEndpoint(url)
                .setTimeout(Duration.ofSeconds(30))
                .build());
    exporters.add(exporter);
    return SdkTracerProvider.builder()
        .setResource(
            Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), service)))
        .addSpanProcessor(
            BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(100_000)
                .setMaxExportBatchSize(BATCH)
                .setExporterTimeout(Duration.ofSeconds(60))
                .build())
        .build();
  }

  /** Sends that many traces and waits until they are acknowledged. */
  void send(int count) {
    for (int i = 0; i < count; i++) {
      trace(traces++);
    }
    shop.forceFlush().join(60, TimeUnit.SECONDS);
    cart.forceFlush().join(60, TimeUnit.SECONDS);
  }

  /** Sends the last batch of each service once more, as after an answer that got lost. */
  void sendAgain() {
    exporters.forEach(exporter -> exporter.export(exporter.last).join(60, TimeUnit.SECONDS));
  }

  private void trace(long number) {
    Instant start = Instant.now();
    Span client = span(shop, Context.root(), "GET /cart", SpanKind.CLIENT, start).startSpan();
    lastTraceId = client.getSpanContext().getTraceId();
    Context inClient = client.storeInContext(Context.root());
    Span server = span(cart, inClient, "/cart/" + number % 50, SpanKind.SERVER, start).startSpan();
    Span database =
        span(cart, server.storeInContext(inClient), "SELECT", SpanKind.CLIENT, start)
            .setAttribute("db.namespace", "carts")
            .startSpan();
    if (number % 10 == 0) {
      server.setStatus(StatusCode.ERROR);
    }
    database.end(start.plusMillis(3));
    server.end(start.plusMillis(5 + number % 100));
    client.end(start.plusMillis(110));
  }

  private static io.opentelemetry.api.trace.SpanBuilder span(
      SdkTracerProvider provider, Context parent, String name, SpanKind kind, Instant start) {
    return provider
        .get("test")
        .spanBuilder(name)
        .setParent(parent)
        .setSpanKind(kind)
        .setStartTimestamp(start);
  }

  /** The id of a trace that was sent. */
  String someTraceId() {
    return lastTraceId;
  }

  long traces() {
    return traces;
  }

  /** Spans that the distributor has acknowledged. */
  long acknowledged() {
    return acknowledged.size();
  }

  /** The same, as trace and span id in hex with a slash in between. */
  Set<String> acknowledgedIds() {
    return Set.copyOf(acknowledged);
  }

  /** Spans whose fate is unknown, because their request was not answered well. */
  long failed() {
    return failed.get();
  }

  @Override
  public void close() {
    shop.close();
    cart.close();
  }

  private final class Counting implements SpanExporter {
    private final SpanExporter exporter;
    private volatile List<SpanData> last = List.of();

    Counting(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      List<SpanData> batch = List.copyOf(spans);
      last = batch;
      CompletableResultCode result = exporter.export(batch);
      return result.whenComplete(
          () -> {
            if (result.isSuccess()) {
              batch.forEach(span -> acknowledged.add(span.getTraceId() + "/" + span.getSpanId()));
            } else {
              failed.addAndGet(batch.size());
            }
          });
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
