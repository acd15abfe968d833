package dev.weir.allinone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenMetricsFilesTest {
  @TempDir Path directory;

  @Test
  void shouldWriteEachTenantsSamplesWithTheirTimes() {
    try (OpenMetricsFiles files = new OpenMetricsFiles(directory)) {
      write(files, "a/b", "x", 1_769_860_800_000L, 0, 12);
      write(files, "a/b", "quote \" back \\ line \n", 1_769_860_800_005L, 0.25);
      write(files, "..", "x", 5000, 1e16);
      files.finish();
      assertThat(files.samples()).isEqualTo(4);
    }
    assertThat(directory.resolve("a%2Fb.openmetrics"))
        .hasContent(
            """
            calls{service="x"} 0 1769860799.000
            calls{service="x"} 12 1769860800.000
            calls{service="quote \\" back \\\\ line \\n"} 0.25 1769860800.005
            # EOF
            """);
    assertThat(directory.resolve("...openmetrics"))
        .hasContent("calls{service=\"x\"} 1.0E16 5.000\n# EOF\n");
  }

  @Test
  void shouldLeaveOutTheEndOfASeries() {
    try (OpenMetricsFiles files = new OpenMetricsFiles(directory)) {
      write(files, "t", "x", 2000, 1, Requests.STALE);
      files.finish();
    }
    assertThat(directory.resolve("t.openmetrics"))
        .hasContent("calls{service=\"x\"} 1 1.000\n# EOF\n");
  }

  @Test
  void shouldNotGiveFilesTheirNamesBeforeTheyAreWhole() {
    try (OpenMetricsFiles files = new OpenMetricsFiles(directory)) {
      write(files, "t", "x", 2000, 1);
    }
    assertThat(directory.resolve("t.openmetrics")).doesNotExist();
  }

  private static void write(
      OpenMetricsFiles files, String tenant, String value, long millis, double... samples) {
    files.record(
        0, tenant, new byte[0], Requests.counter("calls", value, millis, samples).toByteArray());
  }
}
