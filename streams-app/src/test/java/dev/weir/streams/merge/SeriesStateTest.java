package dev.weir.streams.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesStateTest {
  private static final long WINDOW = 113_333_333;
  private static final int LAYOUT = 5;

  @Test
  void shouldKeepTheLayoutOfVersion2() {
    assertThat(HexFormat.of().formatHex(state().write()))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("series-state-v2.hex")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldReadTheLayoutOfAVersion(int version) {
    SeriesState state =
        SeriesState.read(
            Golden.bytes("series-state-v%d.hex".formatted(version)), layout -> 3, LAYOUT);

    assertThat(state.layout()).isEqualTo(LAYOUT);
    assertThat(state.created()).isEqualTo(WINDOW);
    assertThat(state.lastGrown()).isEqualTo(WINDOW);
    assertThat(state.total().exact(1)).isEqualTo(300);
    assertThat(state.take(WINDOW + 1).exact(2)).isEqualTo(7);
    assertThat(state.take(WINDOW + 2).exact(0)).isEqualTo(1);
    assertThat(state.take(WINDOW + 3)).isNull();
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
    assertThat(state.total().isZero(1)).isTrue();
  }

  private static SeriesState state() {
    SeriesState state = SeriesState.fresh(LAYOUT, 3);
    state.grow(WINDOW, amounts(2, 300, 0));
    state.grow(WINDOW + 2, amounts(1, 0, 0));
    state.grow(WINDOW + 1, amounts(0, 0, 7));
    state.close(WINDOW, state.take(WINDOW));
    return state;
  }

  private static SeriesState.Growth amounts(long... values) {
    Amounts amounts = new Amounts(values.length);
    for (int i = 0; i < values.length; i++) {
      amounts.add(i, 0, values[i]);
    }
    return new SeriesState.Growth(LAYOUT, amounts);
  }
}
