package dev.weir.streams.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

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

  private void closed(int shard, long millis, Set<String> tenants) {
    meters.shard(shard, OptionalLong.of(millis), 0, 0);
    meters.tenants(shard, tenants);
  }
}
