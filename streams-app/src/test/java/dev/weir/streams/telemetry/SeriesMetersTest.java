package dev.weir.streams.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.streams.merge.TenantUsage;
import dev.weir.streams.series.SeriesLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesMetersTest {
  private static final SeriesLimits LIMITS = new SeriesLimits(SeriesLimits.Unit.SERIES, 1000, 0);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SeriesMeters meters = new SeriesMeters(registry);

  @Test
  void shouldAddUpTheShardsOfATenantButNotItsLimit() {
    meters.usage(0, List.of(usage(30, 2)), 0);
    meters.usage(1, List.of(usage(12, 1)), 0);

    assertThat(gauge("weir.streams.series.active")).isEqualTo(42);
    assertThat(gauge("weir.streams.entities.active")).isEqualTo(3);
    assertThat(gauge("weir.streams.series.max")).isEqualTo(1000);
  }

  @Test
  void shouldNotCountAShardThatLeft() {
    meters.usage(0, List.of(usage(30, 2)), 0);

    meters.shardLeft(0);

    assertThat(gauge("weir.streams.series.active")).isZero();
  }

  @Test
  void shouldCountWhatWasFolded() {
    meters.usage(0, List.of(usage(30, 2)), 0);
    meters.usage(0, List.of(usage(30, 2)), 1);

    assertThat(counter("weir.streams.series.limited")).isEqualTo(38);
    assertThat(counter("weir.streams.entities.limited")).isEqualTo(2);
  }

  private double gauge(String name) {
    return registry.get(name).tag("tenant", "acme").gauge().value();
  }

  private double counter(String name) {
    return registry.get(name).tag("tenant", "acme").counter().count();
  }

  private static TenantUsage usage(long series, long entities) {
    TenantUsage.Count none = new TenantUsage.Count(0, 0);
    return new TenantUsage(
        "acme",
        LIMITS,
        new TenantUsage.Count(series, entities),
        none,
        none,
        new TenantUsage.Count(19, 1));
  }
}
