package dev.weir.allinone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.SeriesStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static final Status STATUS =
      new Status(
          Instant.ofEpochSecond(70),
          30,
          12_345,
          0,
          "",
          OptionalLong.of(65_000),
          "http://127.0.0.1:8080",
          "abc123",
          Path.of("weir.log"));

  private final SeriesStore store = new SeriesStore();
  private final Tables tables = new Tables(ZoneOffset.UTC);

  @BeforeEach
  void receive() {
    calls("cart", "STATUS_CODE_UNSET", 90);
    calls("cart", "STATUS_CODE_ERROR", 10);
    calls("catalog", "STATUS_CODE_UNSET", 200);
    latency("0.1", 50);
    latency("+Inf", 100);
    edge("traces_service_graph_request_total", 100);
    edge("traces_service_graph_request_failed_total", 25);
  }

  @Test
  void shouldShowOperationsBusiestFirstWithErrorsAndQuantiles() {
    List<String> rows = rows(40, "SPAN /x");

    assertThat(rows.get(0)).contains("catalog", "server", "20.0", " - ");
    assertThat(rows.get(1)).contains("cart", "server", "10.0", "10.0%", "100.0 ms");
  }

  @Test
  void shouldShowEdges() {
    assertThat(rows(40, "queue")).singleElement().asString().contains("web", "10.0", "25.0%");
  }

  @Test
  void shouldSayHowManyRowsDoNotFit() {
    for (int i = 0; i < 30; i++) {
      calls("service" + i, "STATUS_CODE_UNSET", 1);
    }

    List<String> screen = tables.screen(STATUS, Rates.of(store.all()), 24);

    assertThat(screen)
        .hasSizeLessThan(24)
        .anyMatch(line -> line.contains("and 22 more operations"));
  }

  @Test
  void shouldTellWhatCanBeOpened() {
    assertThat(tables.footer(STATUS))
        .anyMatch(line -> line.endsWith("http://127.0.0.1:8080/series"))
        .anyMatch(line -> line.endsWith("http://127.0.0.1:8080/metrics"))
        .anyMatch(line -> line.endsWith("http://127.0.0.1:8080/ready"))
        .anyMatch(line -> line.endsWith("http://127.0.0.1:8080/api/traces/abc123"));
  }

  @Test
  void shouldSayItInALineWithoutAScreen() {
    assertThat(tables.line(STATUS, Rates.of(store.all())))
        .isEqualTo(
            "00:01:10  12,345 spans sent, 30.0 calls/s in 2 operations, 1 edges, final through 00:01:05");
  }

  private List<String> rows(int height, String with) {
    return tables.screen(STATUS, Rates.of(store.all()), height).stream()
        .filter(line -> line.contains(with))
        .toList();
  }

  private void calls(String service, String status, double increase) {
    receive(
        "traces_spanmetrics_calls_total",
        Map.of("service", service, "status_code", status),
        increase);
  }

  private void latency(String bound, double increase) {
    receive("traces_spanmetrics_latency_bucket", Map.of("service", "cart", "le", bound), increase);
  }

  private void edge(String metric, double increase) {
    receive(
        metric,
        Map.of("client", "web", "server", "email", "connection_type", "messaging_system"),
        increase);
  }

  /** An increase within 10 s. */
  private void receive(String metric, Map<String, String> labels, double increase) {
    Map<String, String> all = new HashMap<>(labels);
    all.put(Labels.METRIC, metric);
    if (metric.startsWith("traces_spanmetrics")) {
      all.put("span_name", "SPAN /x");
      all.put("span_kind", "SPAN_KIND_SERVER");
    }
    Labels key = new Labels(all);
    store.accept(
        List.of(new ReceivedSample(key, 7, 50_000), new ReceivedSample(key, 7 + increase, 60_000)));
  }
}
