package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class SenderMetricsTest {

  @Test
  void shouldExportTheDelayAsAHistogramWithABucketForWhatIsPromised() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SenderMetrics metrics = new SenderMetrics(registry, "t");

    metrics.deliveryDelay(2_900);
    metrics.deliveryDelay(3_100);

    assertThat(registry.scrape())
        .contains("weir_sender_delivery_delay_seconds_bucket{target=\"t\",le=\"3.0\"} 1")
        .contains("weir_sender_delivery_delay_seconds_bucket{target=\"t\",le=\"+Inf\"} 2");
  }
}
