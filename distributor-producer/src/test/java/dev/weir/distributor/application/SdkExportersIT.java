package dev.weir.distributor.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the exporters of OpenTelemetry's own SDK send is in the topic once they are told so. */
class SdkExportersIT {
  private static final int SPANS = 500;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startKafka(@TempDir Path directory) {
    kafka = EmbeddedKafka.start(directory, 0);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "none"})
  void shouldPublishWhatTheGrpcExporterSends(String compression) throws Exception {
    try (RunningDistributor distributor = RunningDistributor.startReady(kafka.bootstrapServers())) {
      export(
          OtlpGrpcSpanExporter.builder()
              .setEndpoint(distributor.grpcEndpoint())
              .setCompression(compression)
              .build());
      assertSpans(distributor);
      assertThat(
              distributor.count(
                  "weir.distributor.requests", "transport", "grpc", "outcome", "accepted"))
          .isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "none"})
  void shouldPublishWhatTheHttpExporterSends(String compression) throws Exception {
    try (RunningDistributor distributor = RunningDistributor.startReady(kafka.bootstrapServers())) {
      export(
          OtlpHttpSpanExporter.builder()
              .setEndpoint(distributor.httpEndpoint())
              .setCompression(compression)
              .build());
      assertSpans(distributor);
      assertThat(
              distributor.count(
                  "weir.distributor.requests", "transport", "http", "outcome", "accepted"))
          .isPositive();
    }
  }

  @Test
  void shouldKeyRecordsByTheTenantOfTheExporter() {
    try (RunningDistributor distributor =
        RunningDistributor.startReady(kafka.bootstrapServers(), "--multitenancy-enabled=true")) {
      export(
          OtlpGrpcSpanExporter.builder()
              .setEndpoint(distributor.grpcEndpoint())
              .addHeader("X-Scope-OrgID", "shop")
              .build());
      assertThat(distributor.keys()).containsExactly("shop");
    }
  }

  private static void export(SpanExporter exporter) {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      Tracer tracer = provider.get("test");
      IntStream.range(0, SPANS)
          .forEach(i -> tracer.spanBuilder("span " + i).setAttribute("i", i).startSpan().end());
      CompletableResultCode flushed = provider.forceFlush().join(30, TimeUnit.SECONDS);
      assertThat(flushed.isSuccess()).isTrue();
    }
  }

  private static void assertSpans(RunningDistributor distributor) throws Exception {
    assertThat(distributor.spans())
        .extracting(Span::getName)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, SPANS).mapToObj(i -> "span " + i).toList());
    assertThat(distributor.records().stream().map(record -> record.partition()).distinct())
        .hasSize(4);
    assertThat(distributor.keys()).containsExactly("single-tenant");
    assertThat(distributor.count("weir.distributor.spans.received", "tenant", "single-tenant"))
        .isEqualTo(SPANS);
  }
}
