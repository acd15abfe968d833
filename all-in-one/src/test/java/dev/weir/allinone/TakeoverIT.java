package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two instances dies for good, and the other takes its work over. */
class TakeoverIT {
  @TempDir Path directory;

  @Test
  void shouldStayExactWhenAnInstanceWithStandbyStateTakesOver() throws Exception {
    takeOver("--standby-replicas", "1");
  }

  @Test
  void shouldStayExactUnderTheStreamsProtocol() throws Exception {
    takeOver("--group-protocol", "streams");
  }

  /** As after {@code offsets.retention.minutes} without members. */
  @Test
  void shouldCountNothingTwiceWhenTheBrokerHasForgottenItsOffsets() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess only = weir.startApp("only");
      weir.traffic().send(200);
      weir.awaitNumbersOfTheLog();
      only.kill();
      weir.forgetOffsets();
      only.start();
      weir.traffic().send(100);

      weir.awaitNumbersOfTheLog();
      assertThat(weir.metrics("only")).doesNotContain("weir_streams_records_repeated_total 0.0");
      assertThat(weir.audit()).isZero();
    }
  }

  private void takeOver(String... flags) throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess first = weir.startApp("first", flags);
      weir.traffic().send(100);
      weir.awaitSamples();
      JavaProcess second = weir.startApp("second", flags);
      weir.traffic().send(200);
      weir.awaitNumbersOfTheLog();
      first.kill();
      weir.traffic().send(200);
      weir.awaitNumbersOfTheLog();
      first.start();
      weir.traffic().send(200);
      weir.awaitNumbersOfTheLog();
      second.kill();
      weir.traffic().send(200);

      weir.awaitNumbersOfTheLog();
      assertThat(weir.unpaired()).isEmpty();
      assertThat(weir.metrics("first")).contains("weir_streams_late_deltas_total 0.0");
      assertThat(weir.replay("beginning")).isZero();
    }
  }
}
