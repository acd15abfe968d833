package dev.weir.allinone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.replay.Growth.Increment;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final String CALLS = "t calls{service=\"a\"}";
  private final Growth growth = new Growth();

  @Test
  void shouldCountANewSeriesFromItsZeroAndAnOldOneFromItsFirstSample() {
    add(0, 5);
    assertThat(growth.take()).containsExactly(Map.entry(CALLS, new Increment(5, 5)));
    growth.add("t", Requests.counter("calls", "old", 1000, 70));
    add(7);
    assertThat(growth.take()).containsExactly(Map.entry(CALLS, new Increment(2, 7)));
  }

  @Test
  void shouldCountNothingThatDoesNotGrowNorGauges() {
    add(0, 5);
    growth.take();
    add(5);
    growth.add("t", Requests.of(Metadata.MetricType.METRIC_TYPE_GAUGE, "info", "a", 1000, 0, 1));
    assertThat(growth.take()).isEmpty();
    assertThat(growth.seen()).contains("t info{service=\"a\"}");
    assertThat(growth.samples()).isEqualTo(5);
  }

  @Test
  void shouldBeginAnewAfterTheEndOfASeries() {
    add(0, 5);
    add(Requests.STALE);
    add(0, 3);
    assertThat(growth.take().get(CALLS)).isEqualTo(new Increment(8, 3));
  }

  @Test
  void shouldCountObservationsOfNativeHistograms() {
    for (long count : new long[] {2, 5}) {
      Request.Builder request = Requests.counter("calls", "a", 1000).toBuilder();
      request
          .getTimeseriesBuilder(0)
          .addHistograms(Histogram.newBuilder().setCountInt(count).setTimestamp(1000));
      growth.add("t", request.build());
    }
    assertThat(growth.take()).containsExactly(Map.entry(CALLS, new Increment(3, 5)));
  }

  @Test
  void shouldTakeDifferencesOfTotalsForEqualAsFarAsTheyAreExact() {
    double total = 123456.789;
    Increment small = new Increment(0.1, 0.1);
    assertThat(new Increment(total + 0.1 - total, total + 0.1).equalsTo(small)).isTrue();
    assertThat(new Increment(3, 1e9).equalsTo(new Increment(4, 4))).isFalse();
  }

  private void add(double... samples) {
    growth.add("t", Requests.counter("calls", "a", 1000, samples));
  }
}
