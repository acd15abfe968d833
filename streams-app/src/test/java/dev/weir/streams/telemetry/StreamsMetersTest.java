package dev.weir.streams.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.v1.LedgerEntry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamsMetersTest {
  private static final String GAUGE = "weir_complete_through_timestamp_seconds";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final StreamsMeters meters = new StreamsMeters(registry);

  @Test
  void shouldSayUpToWhenEachTenantsNumbersAreFinal() {
    closed(0, 15_000, Set.of("acme"));
    closed(1, 30_000, Set.of("acme", "globex"));

    assertThat(registry.scrape())
        .contains(GAUGE + "{tenant=\"\"} 15.0")
        .contains(GAUGE + "{tenant=\"acme\"} 15.0")
        .contains(GAUGE + "{tenant=\"globex\"} 30.0");
  }

  @Test
  void shouldForgetATenantThatHasNoSeriesHereAnyMore() {
    closed(0, 15_000, Set.of("acme"));
    closed(1, 30_000, Set.of("acme", "globex"));
    closed(0, 30_000, Set.of());
    meters.shardLeft(1);

    assertThat(registry.scrape()).contains(GAUGE).doesNotContain("acme", "globex");
  }

  @Test
  void shouldBeginReasonsAtZeroWithATenantsFirstBooks() {
    meters.booked(LedgerEntry.newBuilder().setTenant("acme").setBytesReceived(70).build());

    assertThat(registry.scrape())
        .contains(
            "weir_streams_spans_discarded_total{reason=\"span_metrics_filtered\",tenant=\"acme\"} 0.0")
        .contains(
            "weir_streams_half_edges_unpaired_total{reason=\"SPAN_KIND_CLIENT\",tenant=\"acme\"} 0.0")
        .contains("weir_streams_edges_total{kind=\"paired\",tenant=\"acme\"} 0.0")
        .contains("weir_streams_bytes_received_total{tenant=\"acme\"} 70.0");
  }

  private void closed(int shard, long millis, Set<String> tenants) {
    meters.shard(shard, OptionalLong.of(millis), 0, 0);
    meters.tenants(shard, tenants);
  }
}
