package dev.weir.streams.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.streams.drain.NamesLearned;
import dev.weir.streams.rewrite.RewriteFigures;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnerMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LearnerMeters meters = new LearnerMeters(registry);

  @Test
  void shouldAddUpWhatWasDoneWithSpanNames() {
    meters.figures(Map.of("acme", figures(new NamesLearned(Map.of(2, 3L, 7, 2L), 2, 0))));
    meters.figures(Map.of("acme", figures(new NamesLearned(Map.of(), 0, 1))));

    assertThat(registry.scrape())
        .contains("weir_streams_span_name_patterns_detected_total{tenant=\"acme\"} 2.0")
        .contains("weir_streams_span_name_patterns_evicted_total{tenant=\"acme\"} 1.0")
        .contains(skipped("too_few_tokens", 3))
        .contains(skipped("too_many_tokens", 0))
        .contains("weir_streams_span_name_tokens_count{tenant=\"acme\"} 5")
        .contains("weir_streams_span_name_tokens_sum{tenant=\"acme\"} 20.0");
  }

  @Test
  void shouldKeepCountersWhenTheLearnerGoesElsewhere() {
    meters.figures(Map.of("acme", figures(new NamesLearned(Map.of(2, 1L), 0, 0))));
    meters.figures(Map.of());

    assertThat(registry.scrape())
        .contains(skipped("too_few_tokens", 1))
        .doesNotContain("weir_streams_span_name_patterns{");
  }

  private static RewriteFigures figures(NamesLearned names) {
    return new RewriteFigures(1, 1, 1, 1, Map.of(), names);
  }

  private static String skipped(String reason, int count) {
    return "weir_streams_span_names_skipped_total{reason=\"%s\",tenant=\"acme\"} %d.0"
        .formatted(reason, count);
  }
}
