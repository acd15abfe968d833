package dev.weir.allinone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.replay.Growth.Increment;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final Computed NOW =
      new Computed(
          Map.of("t calls{a=\"1\"}", new Increment(5, 5), "t calls{a=\"2\"}", new Increment(7, 7)),
          Set.of("t calls{a=\"1\"}", "t calls{a=\"2\"}", "t info"),
          600,
          2_000_000_000L);

  @Test
  void shouldFindNoneWhereEverySeriesGrowsAlike() {
    Changes none = new Changes(NOW, new Computed(NOW.growth(), NOW.series(), 600, 1));
    assertThat(none.isEmpty()).isTrue();
  }

  @Test
  void shouldCountWhatComesGoesAndGrowsOtherwiseAndWhatItCosts() {
    Computed planned =
        new Computed(
            Map.of("t calls{a=\"1\"}", new Increment(6, 6), "u calls", new Increment(1, 1)),
            Set.of("t calls{a=\"1\"}", "t info", "u calls"),
            300,
            3_000_000_000L);
    Changes changes = new Changes(NOW, planned);
    assertThat(changes.isEmpty()).isFalse();
    assertThat(String.join("\n", changes.lines(60)).replaceAll(" +", " "))
        .contains(
            "t calls 2 1 0 1 1",
            "t info 1 1 0 0 0",
            "u calls 0 1 1 0 0",
            "~ t calls{a=\"1\"} grows by 6.0 instead of 5.0",
            "- t calls{a=\"2\"}",
            "+ u calls",
            "Series: 3 now, 3 planned (+0 %)",
            "Samples per second: 10.0 now, 5.0 planned (-50 %)",
            "2.0 now, 3.0 planned (+50 %)");
  }
}
