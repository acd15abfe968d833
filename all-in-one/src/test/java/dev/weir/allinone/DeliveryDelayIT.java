package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes from the end of a window until a real Prometheus has its samples, under steady
 * load, as the streams app exports it. It prints the result: how fast the machine is today is for
 * people to judge.
 *
 * <p>{@code -Dweir.delay.seconds=N} makes it longer.
 */
class DeliveryDelayIT {
  private static final int SECONDS = Integer.getInteger("weir.delay.seconds", 10);
  private static final Pattern BUCKET =
      Pattern.compile("weir_sender_delivery_delay_seconds_bucket\\{.*le=\"([^\"]+)\".*} (\\S+)");

  @TempDir Path directory;

  @Test
  void shouldExportHowLateSamplesAreAsAHistogram() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (TestInstallation weir = new TestInstallation(directory)) {
      weir.startApp("only");
      weir.traffic().send(100);
      weir.awaitNumbersOfTheLog();
      NavigableMap<Double, Double> before = buckets(weir.metrics("only"));
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      while (System.nanoTime() < end) {
        weir.traffic().send(20);
      }
      weir.awaitNumbersOfTheLog();
      NavigableMap<Double, Double> steady = buckets(weir.metrics("only"));
      steady.replaceAll((bound, count) -> count - before.getOrDefault(bound, 0.0));

      assertThat(steady).containsKeys(3.0, Double.POSITIVE_INFINITY);
      double requests = steady.get(Double.POSITIVE_INFINITY);
      assertThat(requests).isPositive();
      System.out.printf(
          "delivery delay of %.0f requests: p50 up to %s s, p99 up to %s s%n",
          requests, quantile(steady, 0.5), quantile(steady, 0.99));
    }
  }

  private static NavigableMap<Double, Double> buckets(String metrics) {
    return metrics
        .lines()
        .map(BUCKET::matcher)
        .filter(Matcher::matches)
        .collect(
            Collectors.toMap(
                bucket -> Double.valueOf(bucket.group(1).replace("+Inf", "Infinity")),
                bucket -> Double.valueOf(bucket.group(2)),
                Double::sum,
                TreeMap::new));
  }

  /** The lowest bound that so many are not above. */
  private static double quantile(NavigableMap<Double, Double> buckets, double quantile) {
    return buckets.entrySet().stream()
        .filter(bucket -> bucket.getValue() >= quantile * buckets.lastEntry().getValue())
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
