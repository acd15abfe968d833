package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The only instance of the streams app is killed under load, more than once. */
class KillStreamsAppIT {
  private static final String CALLS = "sum(traces_spanmetrics_calls_total)";
  private static final int KILLS = 3;
  private static final int TRACES = 2000;

  @TempDir Path directory;

  @Test
  void shouldCountEverySpanOnceThroughKills() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess streams = weir.startApp("only", "--instance-id", "only");
      weir.traffic().send(TRACES);
      weir.awaitSamples();
      for (int kill = 0; kill < KILLS; kill++) {
        weir.traffic().send(TRACES / 2);
        streams.kill();
        weir.traffic().send(TRACES / 2);
        double before = weir.query(CALLS);
        streams.start();
        await()
            .alias("the streams app goes on")
            .atMost(TestInstallation.PATIENCE)
            .until(() -> weir.query(CALLS) > before);
      }
      assertThat(weir.traffic().failed()).isZero();
      assertThat(weir.traffic().acknowledged())
          .isEqualTo(weir.traffic().traces() * TestTraffic.SPANS_PER_TRACE);

      weir.awaitNumbersOfTheLog();
      assertThat(weir.query(CALLS)).isEqualTo((double) weir.traffic().acknowledged());
      for (String server : new String[] {"cart", "carts"}) {
        assertThat(weir.query("sum(traces_service_graph_request_total{server='" + server + "'})"))
            .isEqualTo((double) weir.traffic().traces());
      }
    }
  }
}
