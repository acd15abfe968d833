package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsSourceTest {
  private static final List<String> FREE_PORTS =
      List.of("--kafka-port=0", "--http-port=0", "--otlp-grpc-port=0", "--otlp-http-port=0");

  @Test
  void shouldKeepTheStateOfEveryApplicationInTheDataDirectory() {
    Settings settings = read("--data-dir", "elsewhere").asked();

    assertThat(settings.string("state.dir")).isEqualTo(Path.of("elsewhere", "streams").toString());
    assertThat(settings.string("backend.local.path"))
        .isEqualTo(Path.of("elsewhere", "traces").toString());
  }

  @Test
  void shouldAnswerQuicklyAndOnLoopbackUnlessToldOtherwise() {
    Settings settings = read().asked();

    assertThat(settings.string("window")).isEqualTo("5s");
    assertThat(settings.string("http.host")).isEqualTo("127.0.0.1");
    assertThat(settings.string("otlp.host")).isEqualTo("127.0.0.1");
    assertThat(settings.string("log.level")).isEqualTo("warn");
    assertThat(settings.integer("shards")).isEqualTo(2);
    assertThat(read("--window", "15s").asked().string("window")).isEqualTo("15s");
  }

  @Test
  void shouldAddTheReceiverToTargetsOnTheCommandLine() {
    assertThat(targets(Map.of(), "--remote-write-url", "http://a", "--remote-write-url=http://b"))
        .containsExactly("http://a", "http://b", "http://receiver");
  }

  @Test
  void shouldAddTheReceiverToTargetsInTheEnvironment() {
    assertThat(targets(Map.of("WEIR_REMOTE_WRITE_URL", "http://a,http://b")))
        .containsExactly("http://a", "http://b", "http://receiver");
  }

  @Test
  void shouldHandOutTheBrokerAndThePortsThatWereChosen() {
    SettingsSource source = read();
    Ports ports = source.ports();

    Settings settings = source.inForce(ports, "127.0.0.1:5", Optional.empty());

    assertThat(settings.kafkaClient()).containsEntry("bootstrap.servers", "127.0.0.1:5");
    assertThat(settings.integer("otlp.grpc.port"))
        .isEqualTo(ports.port("otlp.grpc.port"))
        .isNotZero();
  }

  @Test
  void shouldRefuseAnotherBroker() {
    assertThatThrownBy(() -> read("--kafka-bootstrap-servers", "kafka:9092"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("kafka.bootstrap.servers=kafka:9092")
        .hasMessageContaining("--kafka-port");
  }

  private static List<String> targets(Map<String, String> environment, String... arguments) {
    SettingsSource source = SettingsSource.read(Command.DEMO, with(arguments), environment);
    return source
        .inForce(source.ports(), "127.0.0.1:5", Optional.of("http://receiver"))
        .list("remote.write.url");
  }

  private static SettingsSource read(String... arguments) {
    return SettingsSource.read(Command.DEMO, with(arguments), Map.of());
  }

  private static List<String> with(String... arguments) {
    List<String> all = new ArrayList<>(FREE_PORTS);
    all.addAll(List.of(arguments));
    return all;
  }
}
