package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
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

  /**
   * Its transactional ids were named after what was there, so nobody ends its transaction early.
   */
  @Test
  void shouldStayExactWhenAKilledInstanceLosesItsDisk() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess only = weir.startApp("only");
      weir.traffic().send(200);
      weir.awaitSamples();
      weir.traffic().send(100);
      only.kill();
      weir.loseDisk("only");
      only.start();
      weir.traffic().send(100);

      weir.awaitNumbersOfTheLog();
      assertThat(weir.audit()).isZero();
    }
  }

  /** As after {@code transactional.id.expiration.ms} in which an instance did not get to run. */
  @Test
  void shouldGoOnWhenTheBrokerHasForgottenItsTransactionalIds() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir =
        new TestInstallation(
            directory,
            "transactional.id.expiration.ms=3000",
            "transaction.remove.expired.transaction.cleanup.interval.ms=500")) {
      JavaProcess only = weir.startApp("only", "--instance-id", "only");
      weir.traffic().send(200);
      weir.awaitNumbersOfTheLog();
      assertThat(weir.hasTransactionalIds()).isTrue();
      only.freeze();
      weir.traffic().send(100);
      await().atMost(TestInstallation.PATIENCE).until(() -> !weir.hasTransactionalIds());
      only.thaw();
      weir.traffic().send(100);

      weir.awaitNumbersOfTheLog();
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
