package dev.weir.allinone.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesStoreTest {
  private static final Labels LABELS =
      new Labels(Map.of("__name__", "calls_total", "path", "a\"b\\c\nd"));
  private static final double STALENESS_MARKER = Double.longBitsToDouble(0x7ff0000000000002L);

  private final SeriesStore store = new SeriesStore();

  @Test
  void shouldKeepTheLatestPoints() {
    for (int time = 1; time <= 20; time++) {
      receive(time, time);
    }

    assertThat(series().points()).hasSize(8).last().isEqualTo(new Point(20, 20));
  }

  @Test
  void shouldTakeARepeatedSampleForNothingNew() {
    receive(1, 5);
    receive(2, 6);
    receive(1, 5);
    receive(2, 6);

    assertThat(series().points()).containsExactly(new Point(1, 5), new Point(2, 6));
    assertThat(store.contradictions()).isZero();
  }

  @Test
  void shouldCountSamplesThatContradictEarlierOnes() {
    receive(1, 5);
    receive(1, 6);

    assertThat(store.contradictions()).isEqualTo(1);
    assertThat(series().value()).isEqualTo(5);
  }

  @Test
  void shouldRememberWhereACounterBeganAnew() {
    receive(1, 5);
    receive(2, STALENESS_MARKER);
    assertThat(series().ended()).isTrue();

    receive(3, 0);
    receive(4, 2);

    assertThat(series().ended()).isFalse();
    assertThat(series().endsBeforeResets()).containsExactly(5.0);
  }

  @Test
  void shouldShowSeriesAsPrometheusWritesThem() {
    receive(1, 5);

    assertThat(PrometheusText.of(store.all()))
        .isEqualTo("calls_total{path=\"a\\\"b\\\\c\\nd\"} 5.0 1\n");
  }

  private Series series() {
    return store.find(LABELS).orElseThrow();
  }

  private void receive(long time, double value) {
    store.accept(List.of(new ReceivedSample(LABELS, value, time)));
  }
}
