package dev.weir.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelSetMemoryTest {
  @Test
  void shouldFindLabelSetsInBothStages() throws Exception {
    LabelSetMemory.Figures figures = LabelSetMemory.measure(2_000);

    assertThat(figures.labels()).isBetween(100.0, 150.0);
    assertThat(figures.rocksDb()).isGreaterThan(figures.labels());
  }
}
