package dev.weir.streams.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HistogramBoundsTest {
  private static final List<Double> SPAN_METRICS =
      List.of(
          0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192,
          16.384);
  private static final List<Double> SERVICE_GRAPH =
      List.of(0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8);

  @Test
  void shouldWriteBoundsAsPrometheusClientsOfTempoDo() {
    assertThat(new HistogramBounds(SPAN_METRICS).texts())
        .containsExactly(
            "0.002", "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512",
            "1.024", "2.048", "4.096", "8.192", "16.384", "+Inf");
    assertThat(new HistogramBounds(SERVICE_GRAPH).texts())
        .containsExactly("0.1", "0.2", "0.4", "0.8", "1.6", "3.2", "6.4", "12.8", "+Inf");
    assertThat(new HistogramBounds(List.of(0.0001, 1.0, 100000.0)).texts())
        .containsExactly("0.0001", "1", "100000", "+Inf");
  }

  @Test
  void shouldPutWhatIsNearABoundWhereTheDoubleBelongs() {
    for (double bound : bounds()) {
      HistogramBounds bounds = new HistogramBounds(List.of(bound));
      long nearest = Math.round(bound * 1e9);
      for (long nanos = Math.max(0, nearest - 3); nanos <= nearest + 3; nanos++) {
        assertThat(bounds.bucketOf(nanos))
            .as("%d ns, bound %s", nanos, bound)
            .isEqualTo(nanos / 1e9 <= bound ? 0 : 1);
      }
    }
  }

  private static List<Double> bounds() {
    List<Double> bounds = new ArrayList<>(SPAN_METRICS);
    bounds.addAll(SERVICE_GRAPH);
    bounds.addAll(List.of(1e-9, 0.0001, 0.1 + 0.2, 1.0, 100_000.0, 1e8));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      bounds.add(random.nextDouble() * Math.pow(10, random.nextInt(-6, 6)));
    }
    return bounds;
  }

  @Test
  void shouldPutDurationsOf2To63AndMoreIntoTheLastBucket() {
    HistogramBounds bounds = new HistogramBounds(SERVICE_GRAPH);

    assertThat(bounds.bucketOf(Long.MAX_VALUE)).isEqualTo(8);
    assertThat(bounds.bucketOf(Long.MIN_VALUE)).isEqualTo(8);
    assertThat(bounds.bucketOf(BigInteger.TWO.pow(64).subtract(BigInteger.ONE).longValue()))
        .isEqualTo(8);
    assertThat(bounds.buckets()).isEqualTo(9);
  }

  @Test
  void shouldRefuseBoundsThatDoNotIncrease() {
    assertThatThrownBy(() -> new HistogramBounds(List.of(0.2, 0.2)))
        .hasMessage("must be positive, at most 9e9 and strictly increasing, but 0.2 follows 0.2");
    assertThatThrownBy(() -> new HistogramBounds(List.of(0.0)))
        .hasMessageContaining("but 0.0 follows 0.0");
    assertThatThrownBy(() -> new HistogramBounds(List.of(Double.NaN)))
        .hasMessageContaining("NaN follows 0.0");
    assertThatThrownBy(() -> new HistogramBounds(List.of(1.0, Double.POSITIVE_INFINITY)))
        .hasMessageContaining("Infinity follows 1.0");
    assertThatThrownBy(() -> new HistogramBounds(List.of()))
        .hasMessage("must have at least one bound");
  }
}
