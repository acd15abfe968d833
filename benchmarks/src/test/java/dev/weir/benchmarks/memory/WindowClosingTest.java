package dev.weir.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowClosingTest {
  @Test
  void shouldCloseEveryLabelSetInRecordsOfAHundred() throws Exception {
    WindowClosing.Windows windows = WindowClosing.measure(25_000);

    assertThat(windows.grown().records()).isEqualTo(250);
    assertThat(windows.idle().records()).isEqualTo(250);
  }
}
