package dev.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.weir.benchmarks.payload.SpansTopic.Filled;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadReportTest {
  private static final long SPANS = 12_000_000;

  private final LoadReport report =
      new LoadReport(
          new Filled(SPANS, 40_000, 6_000_000_000L),
          4,
          List.of(took(6), took(12), took(7)),
          List.of(run(12), run(36), run(10.5)),
          List.of(run(48), run(72), run(63)));

  @Test
  void shouldReportMedians() {
    JsonObject figures = JsonParser.parseString(report.json()).getAsJsonObject();

    assertThat(figures.get("pollSpansPerCoreSecond").getAsDouble()).isEqualTo(SPANS / 7.0);
    assertThat(figures.get("appSpansPerCoreSecond").getAsDouble()).isEqualTo(SPANS / 12.0);
    assertThat(figures.get("appSustainedSpansPerCoreSecond").getAsDouble())
        .isEqualTo(SPANS / 3 * 2 / 6.0);
    assertThat(figures.get("tempoSpansPerCoreSecond").getAsDouble()).isEqualTo(SPANS / 63.0);
    assertThat(figures.getAsJsonArray("apps")).hasSize(3);
    assertThat(figures.getAsJsonArray("tempos")).hasSize(3);
  }

  @Test
  void shouldCompareWithThePollOfTheSameRepetition() {
    assertThat(report.text()).contains("plain consumer: 2.00");
  }

  @Test
  void shouldCompareWithTempoInTheSameRepetition() {
    assertThat(report.text())
        .contains("streams-app / tempo: 4.00 (all read), 4.00 (last two thirds)")
        .containsPattern("tempo, all read +63\\.00 .* 0\\.190\n")
        .containsPattern("tempo, last two thirds +31\\.50 .* 0\\.254\n");
    assertThat(JsonParser.parseString(report.json()).getAsJsonObject().get("appToTempoRatio"))
        .isEqualTo(new JsonPrimitive(4.0));
  }

  @Test
  void shouldReportAPlainConsumerAlone() {
    LoadReport alone = new LoadReport(report.filled(), 4, report.polls(), List.of(), List.of());

    assertThat(alone.text())
        .contains("plain consumer")
        .doesNotContain("streams-app")
        .doesNotContain("tempo");
    assertThat(alone.json()).doesNotContain("appToPollCpuRatio").doesNotContain("appToTempo");
  }

  private static Measurement took(double cpuSeconds) {
    return new Measurement(SPANS, cpuSeconds, 2, 8);
  }

  private static AppRun run(double cpuSeconds) {
    Measurement started = new Measurement(SPANS / 3, cpuSeconds / 2, 1, 4);
    Measurement read = took(cpuSeconds);
    return new AppRun(
        read, read.minus(started), took(cpuSeconds + 1), 1209, 100_000, 50, 1_000_000);
  }
}
