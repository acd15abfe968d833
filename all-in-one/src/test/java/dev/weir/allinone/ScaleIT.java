package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Partitions are added under load, to two instances of the streams app, one of which is killed in
 * the middle of it. In the end the numbers are those of the log, and what is missing of the service
 * graph is what the books say was parted.
 */
class ScaleIT {
  @TempDir Path directory;

  @Test
  void shouldStayExactWhilePartitionsAreAddedUnderLoad() throws Exception {
    scale(name -> List.of("--instance-id", name));
  }

  @Test
  void shouldStayExactWhilePartitionsAreAddedUnderTheStreamsProtocol() throws Exception {
    scale(name -> List.of("--group-protocol", "streams"));
  }

  private void scale(Function<String, List<String>> flags) throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess first = weir.startApp("first", flags.apply("first"));
      weir.startApp("second", flags.apply("second"));
      weir.traffic().send(200);
      weir.awaitSamples();
      AtomicBoolean underLoad = new AtomicBoolean(true);
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                while (underLoad.get()) {
                  weir.traffic().send(20);
                }
              },
              task -> new Thread(task, "load").start()); // the common pool tells of ended processes
      assertThat(weir.scale(6)).isZero();
      first.kill();
      first.start();
      await().atMost(TestInstallation.PATIENCE).until(() -> weir.hasSpans(5));
      underLoad.set(false);
      load.join();
      weir.traffic().send(200);
      assertThat(weir.traffic().failed()).isZero();

      weir.awaitNumbersOfTheLog();
      await()
          .atMost(TestInstallation.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(2 * missingEdges(weir))
                      .isEqualTo((double) weir.unpaired().getOrDefault("repartitioned", 0L)));
      assertThat(weir.unpaired().keySet()).isSubsetOf("repartitioned");
      for (String app : List.of("first", "second")) {
        assertThat(weir.metrics(app)).contains("weir_streams_late_deltas_total 0.0");
      }
      assertThat(weir.audit()).isZero();
      assertThat(weir.replay("beginning")).isZero();
      assertThat(weir.scale(6)).as("again").isZero();
      assertThat(weir.scale(5)).as("fewer").isEqualTo(1);
    }
  }

  private static double missingEdges(TestInstallation weir) {
    return (double) weir.traffic().traces()
        - weir.query("sum(traces_service_graph_request_total{client=\"shop\",server=\"cart\"})");
  }
}
