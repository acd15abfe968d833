package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeirMainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void shouldNameTheCommandsToWhoeverGivesAnotherOne() {
    assertThat(run("dmeo")).isEqualTo(2);
    assertThat(text(err))
        .contains(
            "unknown command 'dmeo'",
            "demo, up, replay, snapshot, plan, audit, topics, config, help");
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void shouldHelp() {
    assertThat(run("help")).isZero();
    assertThat(text(out)).contains("./weir demo", "--data-dir", "(default 5s)", "--demo-seed");
    assertThat(run("up", "--help")).isZero();
  }

  @Test
  void shouldRefuseUnknownFlagsWithTheNearestOne() {
    assertThat(run("demo", "--kafka-prot", "1")).isEqualTo(2);
    assertThat(text(err)).contains("unknown flag --kafka-prot; did you mean --kafka-port?");
  }

  @Test
  void shouldSayWhatItCanDoWithTopics() {
    assertThat(run("topics")).isEqualTo(2);
    assertThat(text(err)).contains("weir topics scale --partitions N");
    assertThat(run("topics", "scale")).isEqualTo(2);
    assertThat(text(err)).contains("partitions");
  }

  @Test
  void shouldRefuseAReportWithoutAnEnd() {
    assertThat(run("demo", "--report", "r.json")).isEqualTo(2);
    assertThat(text(err)).contains("report=r.json", "--duration");
  }

  @Test
  void shouldNameEveryPortThatIsTakenAndItsFlag() throws Exception {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code =
          run(
              "up",
              "--data-dir=" + directory,
              "--kafka-port=0",
              "--http-port=0",
              "--otlp-grpc-port=" + one.getLocalPort(),
              "--otlp-http-port=" + other.getLocalPort());

      assertThat(code).isEqualTo(2);
      assertThat(text(err))
          .contains(
              "otlp.grpc.port=" + one.getLocalPort(),
              "--otlp-grpc-port <port>",
              "otlp.http.port=" + other.getLocalPort(),
              "--otlp-http-port <port>");
    }
  }

  @Test
  void shouldRefuseADataDirectoryThatIsInUse() {
    try (DataDirectory taken = DataDirectory.open(directory)) {
      assertThat(taken.hasHistory()).isFalse();
      assertThat(run("up", "--data-dir=" + directory)).isEqualTo(2);
    }
    assertThat(text(err))
        .contains(
            "data.dir=" + directory,
            "pid " + ProcessHandle.current().pid(),
            "--data-dir <directory>");
  }

  private int run(String... arguments) {
    Terminal terminal = Terminal.plain(stream(out), stream(err));
    return new WeirMain(terminal, Map.of(), new StopSignal()).run(List.of(arguments));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
