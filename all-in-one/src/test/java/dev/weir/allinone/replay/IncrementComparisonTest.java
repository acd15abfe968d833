package dev.weir.allinone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.replay.Growth.Increment;
import dev.weir.allinone.replay.Windows.Window;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Windows of a second; the replay begins at 10 s, knows all edges after 12 s, and ends at 15 s. */
class IncrementComparisonTest {
  private final IncrementComparison comparison = new IncrementComparison(10_000, 12_000, 15_000);

  @Test
  void shouldFindTheSameGrowthEqualWhateverTheTotals() {
    compare(
        List.of(grown(9, 4, 4), grown(13, 5, 105), grown(14, 1, 106), grown(16, 1, 107)),
        List.of(grown(13, 5, 5), grown(14, 1, 6)));
    assertThat(comparison.isEqual()).isTrue();
    assertThat(comparison.summary())
        .startsWith("2 windows of shards: 2 increments compared, 0 different");
  }

  @Test
  void shouldTellWhatGrewOtherwise() {
    compare(List.of(grown(13, 5, 105), grown(16, 0, 0)), List.of(grown(13, 4, 4)));
    assertThat(comparison.isEqual()).isFalse();
    assertThat(comparison.differences())
        .containsExactly(
            "t calls grew by 5.0 in the window that ends at 1970-01-01T00:00:13Z, and by 4.0 in the replay");
  }

  @Test
  void shouldTellWhatIsMissingOnEitherSide() {
    compare(
        List.of(grown(13, 5, 105), new Window(14_000, Map.of(), true), grown(16, 0, 0)),
        List.of(grown(14, 2, 2)));
    assertThat(comparison.differences()).hasSize(2);
  }

  @Test
  void shouldCountTheFirstWindowsApart() {
    compare(List.of(grown(12, 5, 105), grown(16, 0, 0)), List.of(grown(12, 4, 4)));
    assertThat(comparison.isEqual()).isTrue();
    assertThat(comparison.summary())
        .contains("in the first windows, whose edges are half known, 1 compared, 1 different");
  }

  @Test
  void shouldNotCompareWhatTheLiveOutboxMayLackStill() {
    Window half = new Window(14_000, Map.of(), false);
    compare(List.of(grown(13, 5, 105), half), List.of(grown(13, 5, 5), grown(14, 1, 6)));
    assertThat(comparison.isEqual()).isTrue();
    assertThat(comparison.summary()).endsWith("1 windows not in the live outbox yet");
  }

  @Test
  void shouldSayWhenThereIsNothingToCompare() {
    compare(List.of(), List.of(grown(13, 5, 5)));
    assertThat(comparison.isEmpty()).isTrue();
  }

  private void compare(List<Window> live, List<Window> replay) {
    comparison.shard(windows(live), windows(replay));
  }

  private static Windows windows(List<Window> windows) {
    Iterator<Window> iterator = windows.iterator();
    return () -> iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
  }

  private static Window grown(long second, double by, double to) {
    return new Window(1000 * second, Map.of("t calls", new Increment(by, to)), true);
  }
}
