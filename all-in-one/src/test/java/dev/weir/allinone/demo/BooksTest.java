package dev.weir.allinone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BooksTest {
  private static final Edge WEB_TO_CART = new Edge("web", "cart", "");

  private final Clock clock = Clock.fixed(Instant.ofEpochMilli(5_000), ZoneOffset.UTC);
  private final Books books = new Books(clock);
  private final SwitchableExporter exporter = new SwitchableExporter();
  private final SdkTracerProvider web = provider("web");
  private final SdkTracerProvider cart = provider("cart");

  @AfterEach
  void close() {
    web.close();
    cart.close();
  }

  @Test
  void shouldCountSpansByOperationWithTheirDurations() {
    Span client = start(web, SpanKind.CLIENT, Context.root());
    client.setStatus(StatusCode.ERROR);
    client.end(1_250, TimeUnit.NANOSECONDS);

    assertThat(books.totals().operations())
        .isEqualTo(
            Map.of(
                new Operation("web", "GET /cart", "SPAN_KIND_CLIENT", "STATUS_CODE_ERROR"),
                new OperationTotals(1, 1, 250)));
    assertThat(books.progress().lastAcknowledgedMillis()).isEqualTo(5_000);
  }

  @Test
  void shouldCountAnEdgeWhenBothItsSpansAreAcknowledged() {
    Span client = start(web, SpanKind.CLIENT, Context.root());
    Span server = start(cart, SpanKind.SERVER, Context.root().with(client));
    open(client, server);

    server.end(1_200, TimeUnit.NANOSECONDS);
    assertThat(books.totals().edges()).isEmpty();

    client.end(1_250, TimeUnit.NANOSECONDS);
    assertThat(books.totals().edges()).isEqualTo(Map.of(WEB_TO_CART, new EdgeTotals(1, 1)));
  }

  @Test
  void shouldReportSpansWhoseExportFailedInsteadOfCountingThem() {
    exporter.fails = true;
    Span client = start(web, SpanKind.CLIENT, Context.root());
    Span server = start(cart, SpanKind.SERVER, Context.root().with(client));
    open(client, server);
    client.end(1_250, TimeUnit.NANOSECONDS);
    exporter.fails = false;
    server.end(1_200, TimeUnit.NANOSECONDS);

    assertThat(books.progress())
        .isEqualTo(
            new Books.Progress(2, 1, 1, 5_000, "java.lang.RuntimeException: the target is away"));
    assertThat(books.totals().edges()).isEmpty();
  }

  private void open(Span client, Span server) {
    PlannedEdge edge = new PlannedEdge(WEB_TO_CART, true, List.of(0, 1));
    books.open(
        new TracePlan(List.of(), List.of(edge)),
        List.of(client.getSpanContext(), server.getSpanContext()));
  }

  private static Span start(SdkTracerProvider provider, SpanKind kind, Context parent) {
    return provider
        .get("test")
        .spanBuilder("GET /cart")
        .setSpanKind(kind)
        .setParent(parent)
        .setStartTimestamp(1_000, TimeUnit.NANOSECONDS)
        .startSpan();
  }

  private SdkTracerProvider provider(String service) {
    return SdkTracerProvider.builder()
        .setResource(Resource.builder().put("service.name", service).build())
        .addSpanProcessor(SimpleSpanProcessor.create(new BookkeepingExporter(exporter, books)))
        .build();
  }

  private static final class SwitchableExporter implements SpanExporter {
    private boolean fails;

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return fails
          ? CompletableResultCode.ofExceptionalFailure(new RuntimeException("the target is away"))
          : CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
