package dev.weir.allinone.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void shouldSayHowFarHowFastAndHowLongStill() {
    assertThat(Progress.line(250, 1000, 100, 10 * SECOND))
        .isEqualTo(" 25 % of 1,000 records, 10 a second, 1 min 15 s to go");
    assertThat(Progress.line(0, 100_000, 10, 10 * SECOND))
        .endsWith("1 a second, 27 h 46 min to go");
    assertThat(Progress.line(0, 1000, 0, 10 * SECOND)).endsWith("0 a second, waiting");
    assertThat(Progress.line(0, 0, 0, 0)).startsWith("100 %");
  }

  @Test
  void shouldCountThePaceFromWhereThisProcessBegan() {
    List<String> lines = new ArrayList<>();
    Progress progress = new Progress(lines::add);
    progress.at(900, 1000, 0);
    progress.at(910, 1000, 2 * SECOND);
    progress.at(950, 1000, 5 * SECOND);
    assertThat(lines).containsExactly(" 95 % of 1,000 records, 10 a second, 5 s to go");
  }
}
