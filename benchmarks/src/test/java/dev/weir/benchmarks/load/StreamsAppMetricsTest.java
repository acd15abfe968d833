package dev.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StreamsAppMetricsTest {
  private static final String COMPLETE =
      """
      # TYPE weir_streams_half_edges_unpaired_total counter
      weir_streams_half_edges_unpaired_total{reason="SPAN_KIND_CLIENT",tenant="a"} 4000.0
      weir_streams_half_edges_unpaired_total{reason="max_items",tenant="a"} 0.0
      weir_streams_spans_discarded_total{reason="skip_flag",tenant="a"} 0.0
      """;

  @Test
  void shouldTakeAResultOfEverySpan() {
    assertThatCode(() -> app(COMPLETE).requireComplete()).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseSidesThatGaveWay() {
    assertThatThrownBy(
            () ->
                app(COMPLETE.replace("max_items\",tenant=\"a\"} 0", "max_items\"} 4000"))
                    .requireComplete())
        .hasMessageEndingWith(
            ": weir_streams_half_edges_unpaired_total{reason=\"max_items\"} is 4,000, not 0");
  }

  @Test
  void shouldRefuseSpansThatAreNotCounted() {
    assertThatThrownBy(
            () ->
                app(COMPLETE.replace("skip_flag\",tenant=\"a\"} 0", "skip_flag\"} 7"))
                    .requireComplete())
        .hasMessageEndingWith(": weir_streams_spans_discarded_total is 7, not 0");
  }

  @Test
  void shouldRefuseAnAppThatDoesNotTell() {
    assertThatThrownBy(() -> app("").requireComplete())
        .hasMessageEndingWith(
            ": weir_streams_spans_discarded_total is not told;"
                + " weir_streams_half_edges_unpaired_total is not told");
  }

  private static StreamsAppMetrics app(String text) {
    return new StreamsAppMetrics(new MetricsText(text));
  }
}
