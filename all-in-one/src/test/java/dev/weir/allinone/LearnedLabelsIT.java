package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Span names with ids come to a limit on the values of their label, then to a pattern, while the
 * instance that learns is killed. Series stay few, no counter is reset, no span is lost, the books
 * balance, and a replay comes to the same bytes.
 */
class LearnedLabelsIT {
  private static final int TRACES = 300;
  private static final String RAW_NAMES =
      "sum(traces_spanmetrics_calls_total{span_name=~\"/cart/[0-9]+\"})";
  private static final String LEARNS = "weir_streams_label_learner_active 1.0";

  @TempDir Path directory;

  @Test
  void shouldComeToFewSeriesWhileTheLearnerDiesAndToTheSameInAReplay() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    Path overrides = say("");
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess first = app(weir, "first", overrides);
      JavaProcess second = app(weir, "second", overrides);
      weir.traffic().send(TRACES);
      weir.awaitSamples();

      say("max_cardinality_per_label: 10");
      awaitSpanName(weir, "__cardinality_overflow__");
      JavaProcess learner = weir.metrics("first").contains(LEARNS) ? first : second;
      learner.kill();
      say("max_cardinality_per_label: 10, span_name_sanitization: enabled");
      awaitSpanName(weir, "/cart/<_>");
      learner.start();
      awaitAllSpans(weir);
      double raw = weir.query(RAW_NAMES);
      weir.traffic().send(TRACES);
      awaitAllSpans(weir);

      assertThat(weir.query(RAW_NAMES)).as("spans of names with ids").isEqualTo(raw);
      assertThat(weir.query("max(resets(traces_spanmetrics_calls_total[1h]))")).isZero();
      assertThat(weir.traffic().failed()).isZero();
      first.stop();
      second.stop();
      assertThat(weir.audit()).isZero();
      assertThat(weir.replay("beginning")).isZero();
    }
  }

  private static JavaProcess app(TestInstallation weir, String name, Path overrides) {
    return weir.startApp(
        name,
        "--instance-id",
        name,
        "--overrides-file",
        overrides.toString(),
        "--overrides-file-period",
        "200ms");
  }

  private Path say(String fields) throws IOException {
    return Files.writeString(
        directory.resolve("overrides.yaml"),
        "defaults: {metrics_generator: {%s}}".formatted(fields));
  }

  private static void awaitSpanName(TestInstallation weir, String name) {
    await()
        .alias(name)
        .atMost(TestInstallation.PATIENCE)
        .until(
            () -> {
              weir.traffic().send(50);
              return weir.query(
                      "sum(traces_spanmetrics_calls_total{span_name=\"%s\"})".formatted(name))
                  > 0;
            });
  }

  private static void awaitAllSpans(TestInstallation weir) {
    await()
        .atMost(TestInstallation.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(weir.query("sum(traces_spanmetrics_calls_total)"))
                    .isEqualTo((double) weir.traffic().acknowledged()));
  }
}
