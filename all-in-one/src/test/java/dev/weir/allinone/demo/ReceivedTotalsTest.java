package dev.weir.allinone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.SeriesStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceivedTotalsTest {
  private static final Map<String, String> OPERATION =
      Map.of(
          "service", "cart",
          "span_name", "GET /cart",
          "span_kind", "SPAN_KIND_SERVER",
          "status_code", "STATUS_CODE_UNSET");
  private static final Operation KEY =
      new Operation("cart", "GET /cart", "SPAN_KIND_SERVER", "STATUS_CODE_UNSET");
  private static final Map<String, String> EDGE = Map.of("client", "web", "server", "cart");

  private final SeriesStore store = new SeriesStore();

  @Test
  void shouldReadOperationsAndEdges() {
    receive("traces_spanmetrics_calls_total", OPERATION, 1, 3);
    receive("traces_spanmetrics_latency_count", OPERATION, 1, 3);
    receive("traces_spanmetrics_latency_sum", OPERATION, 1, 123_456_789 / 1e9);
    receive("traces_service_graph_request_total", EDGE, 1, 3);
    receive("traces_service_graph_request_failed_total", EDGE, 1, 1);
    receive("traces_spanmetrics_size_total", OPERATION, 1, 900);

    Totals totals = since(Map.of()).totals();

    assertThat(totals.operations()).isEqualTo(Map.of(KEY, new OperationTotals(3, 3, 123_456_789)));
    assertThat(totals.edges()).isEqualTo(Map.of(new Edge("web", "cart", ""), new EdgeTotals(3, 1)));
  }

  @Test
  void shouldCountOnlyWhatCameAfterTheBaseline() {
    receive("traces_spanmetrics_calls_total", OPERATION, 1, 40);
    receive("traces_service_graph_request_total", EDGE, 1, 5);
    Map<Labels, Long> baseline = ReceivedTotals.baseline(store.all());
    receive("traces_spanmetrics_calls_total", OPERATION, 2, 42);

    Totals totals = since(baseline).totals();

    assertThat(totals.operations()).isEqualTo(Map.of(KEY, new OperationTotals(2, 0, 0)));
    assertThat(totals.edges()).isEmpty();
  }

  @Test
  void shouldGoOnAcrossACounterThatBeganAnew() {
    receive("traces_spanmetrics_calls_total", OPERATION, 1, 40);
    Map<Labels, Long> baseline = ReceivedTotals.baseline(store.all());
    receive("traces_spanmetrics_calls_total", OPERATION, 2, 0);
    receive("traces_spanmetrics_calls_total", OPERATION, 3, 2);

    assertThat(since(baseline).totals().operations())
        .isEqualTo(Map.of(KEY, new OperationTotals(2, 0, 0)));
  }

  @Test
  void shouldRefuseASumThatNoWholeNumberOfNanosecondsGives() {
    receive("traces_spanmetrics_latency_sum", OPERATION, 1, Math.nextUp(123_456_789 / 1e9));

    assertThat(since(Map.of()).problems()).singleElement().asString().contains("0.12345678900");
  }

  @Test
  void shouldReadBackEverySumThatADoubleOfSecondsHolds() {
    for (long nanos = 1; nanos < 1L << 51; nanos = nanos * 3 + 1) {
      receive("traces_spanmetrics_latency_sum", OPERATION, nanos, nanos / 1e9);

      assertThat(since(Map.of()).totals().operations())
          .isEqualTo(Map.of(KEY, new OperationTotals(0, 0, nanos)));
    }
    assertThat(since(Map.of()).problems()).isEmpty();
  }

  private ReceivedTotals since(Map<Labels, Long> baseline) {
    return ReceivedTotals.since(baseline, store.all());
  }

  private void receive(String metric, Map<String, String> labels, long time, double value) {
    Map<String, String> all = new HashMap<>(labels);
    all.put(Labels.METRIC, metric);
    store.accept(List.of(new ReceivedSample(new Labels(all), value, time)));
  }
}
