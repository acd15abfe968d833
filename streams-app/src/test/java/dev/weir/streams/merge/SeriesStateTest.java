package dev.weir.streams.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SeriesStateTest {
  private static final long WINDOW = 113_333_333;
  private static final int LAYOUT = 5;

  @Test
  void shouldKeepTheLayoutOfVersion2() {
    SeriesState state = state();
    state.grow(WINDOW + 1, new SeriesState.Growth(LAYOUT, weighted()));

    assertThat(HexFormat.of().formatHex(state.write()))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("series-state-v2.hex")));
  }

  @Test
  void shouldReadTheLayoutOfVersion2() {
    SeriesState state =
        SeriesState.read(Golden.bytes("series-state-v2.hex"), layout -> 3, LAYOUT + 1);

    assertThat(state.layout()).isEqualTo(LAYOUT);
    assertThat(state.total().amounts().exact(1)).isEqualTo(300);
    assertThat(state.take(WINDOW + 1).amounts().exact(2)).isEqualTo((7 << 20) + 5);
    assertThat(state.take(WINDOW + 2).amounts().exact(0)).isEqualTo(1);
  }

  @Test
  void shouldKeepTheLayoutOfNativeHistogramsAndExemplars() {
    SeriesState state = SeriesState.fresh(LAYOUT, 3);
    close(state, WINDOW, buckets(1, 2));
    Tally growth = buckets(1);
    growth.exemplars().offer(1, 2, 3, 4, 5_000_000, 1_700_000_000_000L);
    state.grow(WINDOW + 1, new SeriesState.Growth(LAYOUT, growth));

    byte[] golden = Golden.bytes("series-state-v2-native.hex");

    assertThat(HexFormat.of().formatHex(state.write())).isEqualTo(HexFormat.of().formatHex(golden));
    SeriesState again = SeriesState.read(golden, layout -> 3, LAYOUT + 1);
    assertThat(again.total().natives().get(0).buckets()).isEqualTo(2);
    assertThat(again.take(WINDOW + 1).exemplars().traceLow(0)).isEqualTo(3);
  }

  @Test
  void shouldReadTheLayoutOfVersion1() {
    SeriesState state = SeriesState.read(Golden.bytes("series-state-v1.hex"), layout -> 3, LAYOUT);

    assertThat(state.layout()).isEqualTo(LAYOUT);
    assertThat(state.created()).isEqualTo(WINDOW);
    assertThat(state.lastGrown()).isEqualTo(WINDOW);
    assertThat(state.total().amounts().exact(1)).isEqualTo(300);
    assertThat(state.take(WINDOW + 1).amounts().exact(2)).isEqualTo(7);
    assertThat(state.take(WINDOW + 2).amounts().exact(0)).isEqualTo(1);
    assertThat(state.take(WINDOW + 3)).isNull();
  }

  @Test
  void shouldCountOnInFineUnitsOnceSomethingWasWeighted() {
    SeriesState state = state();
    close(state, WINDOW + 1, weighted());
    close(state, WINDOW + 2, amounts(1, 0, 0).tally());

    assertThat(state.total().isFine()).isTrue();
    assertThat(state.total().amounts().exact(0)).isEqualTo(3 << 20);
    assertThat(state.total().amounts().exact(1)).isEqualTo(300 << 20);
    assertThat(state.total().amounts().exact(2)).isEqualTo(5);
  }

  @Test
  void shouldMakeANativeHistogramCoarserUntilItMayBeginAnew() {
    SeriesState state = SeriesState.fresh(LAYOUT, 3);
    close(state, WINDOW, buckets(1, 2, 3, 4));
    close(state, WINDOW + 9, buckets(9));

    NativeHistogram histogram =
        SeriesState.read(state.write(), layout -> 3, 0).total().natives().get(0);
    assertThat(histogram.schema()).isEqualTo(2);
    assertThat(histogram.buckets()).isEqualTo(3);
    assertThat(histogram.since()).isEqualTo(WINDOW);

    close(state, WINDOW + 10, buckets(1));

    histogram = state.total().natives().get(0);
    assertThat(histogram.schema()).isEqualTo(3);
    assertThat(histogram.buckets()).isEqualTo(1);
    assertThat(histogram.since()).isEqualTo(WINDOW + 10);
  }

  @Test
  void shouldBeginANativeHistogramAnewRatherThanMakeItCoarserIfItMay() {
    SeriesState state = SeriesState.fresh(LAYOUT, 3);
    close(state, WINDOW, buckets(1, 2, 3, 4));
    close(state, WINDOW + 20, buckets(3));
    close(state, WINDOW + 21, buckets(8));

    assertThat(state.total().natives().get(0).buckets()).isEqualTo(1);
    assertThat(state.total().natives().get(0).since()).isEqualTo(WINDOW + 21);
  }

  /** At most 4 native buckets; anew after 10 windows. */
  private static void close(SeriesState state, long window, Tally growth) {
    state.close(window, growth, 4, 10);
  }

  private static Tally buckets(int... indices) {
    Tally tally = new Tally(3);
    NativeHistogram histogram = tally.nativeAt(0);
    histogram.begin(3);
    for (int index : indices) {
      histogram.add(index, 0, 1);
    }
    return tally;
  }

  /** 5 · 2⁻²⁰ of the last entry. */
  private static Tally weighted() {
    Tally tally = new Tally(3);
    tally.addFrom(new ByteReader().reset(new byte[] {1, 2, 5}), Tally.FINE);
    return tally;
  }

  @Test
  void shouldRefuseAnotherVersion() {
    assertThatThrownBy(() -> SeriesState.read(new byte[] {3}, layout -> 3, LAYOUT))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("series state of version 3; this program reads versions 1 to 2");
  }

  @Test
  void shouldHaveComeToBeInTheEarliestWindowOfItsGrowth() {
    SeriesState state = SeriesState.fresh(LAYOUT, 3);

    state.grow(WINDOW + 1, amounts(1, 0, 0));
    state.grow(WINDOW, amounts(1, 0, 0));

    assertThat(state.created()).isEqualTo(WINDOW);
  }

  @Test
  void shouldBeginAnewWithWhatIsStillOpen() {
    SeriesState state = state();

    assertThat(state.restart()).isTrue();

    assertThat(state.created()).isEqualTo(WINDOW + 1);
    assertThat(state.lastGrown()).isZero();
    assertThat(state.total().amounts().isZero(1)).isTrue();
  }

  private static SeriesState state() {
    SeriesState state = SeriesState.fresh(LAYOUT, 3);
    state.grow(WINDOW, amounts(2, 300, 0));
    state.grow(WINDOW + 2, amounts(1, 0, 0));
    state.grow(WINDOW + 1, amounts(0, 0, 7));
    close(state, WINDOW, state.take(WINDOW));
    return state;
  }

  private static SeriesState.Growth amounts(long... values) {
    Tally tally = new Tally(values.length);
    for (int i = 0; i < values.length; i++) {
      tally.amounts().add(i, 0, values[i]);
    }
    return new SeriesState.Growth(LAYOUT, tally);
  }
}
