package dev.weir.audit.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerFloorTest {
  @Test
  void shouldTrustNothingOfTheFirstCommitThatIsLeft() {
    assertThat(LedgerFloor.of(List.of(entry("b", 5, 9), entry("a", 10, 18), entry("b", 11, 19))))
        .isEqualTo(10);
  }

  @Test
  void shouldTrustNothingOfASingleCommit() {
    assertThat(LedgerFloor.of(List.of(entry("a", 5, 9), entry("b", 6, 8))))
        .isEqualTo(Long.MAX_VALUE);
  }

  private static Entry entry(String tenant, long first, long last) {
    return new Entry(
        tenant, 0, first, last, new Counts(1, 1, 1, 0, 0, 0, new TreeMap<>()), 0, 0, 0, 1);
  }
}
