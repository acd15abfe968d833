package dev.weir.distributor.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class DistributorMetricsTest {
  @Test
  void shouldShowAllMetersFromTheStart() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new DistributorMetrics(registry, () -> 7).expect("shop");
    assertThat(registry.scrape())
        .contains(
            "weir_distributor_spans_received_total{tenant=\"shop\"} 0.0",
            "weir_distributor_bytes_received_total{tenant=\"shop\"} 0.0",
            "weir_distributor_spans_discarded_total{reason=\"invalid_trace_id\",tenant=\"shop\"}",
            "weir_distributor_requests_total{outcome=\"accepted\",transport=\"grpc\"} 0.0",
            "weir_distributor_produce_failures_total{reason=\"timeout\"} 0.0",
            "weir_distributor_records_produced_total 0.0",
            "weir_distributor_push_duration_seconds_count 0",
            "weir_distributor_inflight_bytes 7.0");
  }
}
