package dev.weir.allinone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Operation OPERATION =
      new Operation("cart", "GET /cart", "SPAN_KIND_SERVER", "STATUS_CODE_UNSET");
  private static final Edge EDGE = new Edge("web", "cart", "");
  private static final Totals SENT = totals(new OperationTotals(3, 3, 700), new EdgeTotals(3, 1));

  @Test
  void shouldFindNoDifferenceBetweenEqualTotals() {
    assertThat(SENT.differencesTo(totals(new OperationTotals(3, 3, 700), new EdgeTotals(3, 1))))
        .isEmpty();
  }

  @Test
  void shouldNameWhatDiffersByASingleNanosecond() {
    Totals received = totals(new OperationTotals(3, 3, 701), new EdgeTotals(3, 1));

    assertThat(SENT.differencesTo(received))
        .singleElement()
        .asString()
        .contains("GET /cart", "latencySumNanos=700", "latencySumNanos=701");
  }

  @Test
  void shouldNameWhatIsMissingAndWhatWasNeverSent() {
    Totals nothing = new Totals(new TreeMap<>(), new TreeMap<>());

    assertThat(SENT.differencesTo(nothing)).hasSize(2);
    assertThat(nothing.differencesTo(SENT)).hasSize(2);
  }

  @Test
  void shouldWriteBothSidesAndTheVerdict() throws Exception {
    JsonNode json = new ObjectMapper().readTree(report(List.of("edge x")).json());

    assertThat(json.get("equal").asBoolean()).isFalse();
    assertThat(json.at("/differences/0").asText()).isEqualTo("edge x");
    assertThat(json.at("/sent/operations/0/latency_sum_ns").asLong()).isEqualTo(700);
    assertThat(json.at("/received/edges/0/server").asText()).isEqualTo("cart");
    assertThat(report(List.of()).json()).contains("\"equal\" : true");
  }

  private static Report report(List<String> differences) {
    return new Report(
        new DemoSettings(30, 1, Duration.ofSeconds(1), Optional.empty()),
        40,
        new Books.Progress(3, 3, 0, 1, ""),
        SENT,
        SENT,
        differences);
  }

  private static Totals totals(OperationTotals operation, EdgeTotals edge) {
    return new Totals(
        new TreeMap<>(Map.of(OPERATION, operation)), new TreeMap<>(Map.of(EDGE, edge)));
  }
}
