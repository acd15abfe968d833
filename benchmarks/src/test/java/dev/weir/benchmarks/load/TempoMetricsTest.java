package dev.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TempoMetricsTest {
  private static final String COMPLETE =
      """
      # HELP tempo_metrics_generator_spans_received_total Spans.
      # TYPE tempo_metrics_generator_spans_received_total counter
      tempo_metrics_generator_spans_received_total{tenant="a"} 1.2000184e+07
      tempo_metrics_generator_spans_received_total{tenant="b } c"} 16
      tempo_metrics_generator_spans_discarded_total{processor="all",reason="slack",tenant="a"} 0
      tempo_metrics_generator_registry_series_limited_total{tenant="a"} 0
      tempo_metrics_generator_processor_service_graphs_dropped_spans{tenant="a"} 0
      prometheus_remote_storage_samples_failed_total{url="http://127.0.0.1:1/"} 0
      process_something +Inf
      """;
  private static final long SPANS = 12_000_200;

  @Test
  void shouldAddUpOverLabels() {
    assertThat(tempo(COMPLETE).receivedSpans()).isEqualTo(SPANS);
    assertThat(tempo("").receivedSpans()).isZero();
  }

  @Test
  void shouldTakeAResultOfEverySpan() {
    assertThatCode(() -> tempo(COMPLETE).requireComplete(SPANS)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tempo_metrics_generator_spans_discarded_total{reason=\"invalid_utf8\"}",
        "tempo_metrics_generator_registry_series_limited_total",
        "tempo_metrics_generator_processor_service_graphs_dropped_spans",
        "tempo_metrics_generator_processor_service_graphs_dropped_edges_total",
        "tempo_metrics_generator_registry_collections_failed_total",
        "prometheus_remote_storage_samples_failed_total",
        "prometheus_remote_storage_samples_dropped_total{reason=\"too_old\"}"
      })
  void shouldRefuseAResultThatIsNotOfAll(String leftOut) {
    TempoMetrics metrics = tempo(COMPLETE + leftOut + " 4000\n");

    assertThatThrownBy(() -> metrics.requireComplete(SPANS))
        .hasMessageEndingWith(": " + leftOut.replaceAll("\\{.*", "") + " is 4,000, not 0");
  }

  @Test
  void shouldRefuseAnotherNumberOfSpans() {
    assertThatThrownBy(() -> tempo(COMPLETE).requireComplete(7))
        .hasMessageEndingWith("spans_received_total is 12,000,200, not 7");
  }

  @Test
  void shouldRefuseATempoThatDoesNotTellWhatItDropped() {
    TempoMetrics other = tempo(COMPLETE.replace("graphs_dropped_spans", "renamed"));

    assertThatThrownBy(() -> other.requireComplete(SPANS))
        .hasMessageEndingWith("service_graphs_dropped_spans is not told");
  }

  private static TempoMetrics tempo(String text) {
    return new TempoMetrics(new MetricsText(text));
  }
}
