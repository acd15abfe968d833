package dev.weir.allinone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.allinone.terminal.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real SDKs and a real OTLP connection; only what counts is a reference. */
class DemoIT {
  @TempDir private Path directory;

  @Test
  void shouldFindThatEverythingSentIsCountedOnce() throws Exception {
    try (ReferencePipeline pipeline = new ReferencePipeline(1)) {
      assertThat(run(pipeline)).isZero();

      JsonNode report = report();
      assertThat(report.get("equal").asBoolean()).isTrue();
      assertThat(report.at("/sent/operations")).hasSizeGreaterThan(40);
      assertThat(report.at("/sent/edges")).hasSizeGreaterThan(20);
      assertThat(report.get("received")).isEqualTo(report.get("sent"));
    }
  }

  @Test
  void shouldCompareIncreasesWhenThereIsHistory() throws Exception {
    try (ReferencePipeline pipeline = new ReferencePipeline(1)) {
      run(pipeline);
      pipeline.becomeHistory();

      assertThat(run(pipeline)).isZero();
      assertThat(report().get("received")).isEqualTo(report().get("sent"));
    }
  }

  @Test
  void shouldFindASpanThatIsCountedTwice() throws Exception {
    try (ReferencePipeline pipeline = new ReferencePipeline(2)) {
      assertThat(run(pipeline)).isEqualTo(1);

      assertThat(report().get("equal").asBoolean()).isFalse();
      assertThat(report().get("differences")).hasSize(1);
    }
  }

  @Test
  void shouldFindThatNothingWasTaken() throws Exception {
    try (ReferencePipeline pipeline = new ReferencePipeline(1)) {
      pipeline.takeNothing();

      assertThat(run(pipeline)).isEqualTo(1);
    }
  }

  private int run(Pipeline pipeline) throws InterruptedException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    DemoSettings settings =
        new DemoSettings(300, 3, Duration.ofSeconds(30), Optional.of(directory.resolve("r.json")));
    return new Demo(
            settings,
            pipeline,
            Terminal.plain(nowhere, System.err),
            Clock.systemUTC(),
            new CountDownLatch(1))
        .run(Optional.of(Duration.ofSeconds(2)));
  }

  private JsonNode report() throws Exception {
    return new ObjectMapper().readTree(directory.resolve("r.json").toFile());
  }
}
