package dev.weir.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              "spans.topic",
              ConfigDef.Type.STRING,
              "weir.spans",
              ConfigDef.Importance.HIGH,
              "Topic of spans.")
          .define(
              "window",
              ConfigDef.Type.STRING,
              "15s",
              Durations.between("1s", "5m"),
              ConfigDef.Importance.HIGH,
              "Window.")
          .define(
              "http.port",
              ConfigDef.Type.INT,
              8080,
              ConfigDef.Range.between(0, 65535),
              ConfigDef.Importance.HIGH,
              "Port.")
          .define(
              "remote.write.url",
              ConfigDef.Type.LIST,
              List.of(),
              ConfigDef.Importance.HIGH,
              "Targets.")
          .define("token", ConfigDef.Type.PASSWORD, "", ConfigDef.Importance.HIGH, "Token.")
          .define("quiet", ConfigDef.Type.BOOLEAN, false, ConfigDef.Importance.HIGH, "Quiet.")
          .define(
              "kafka.bootstrap.servers",
              ConfigDef.Type.STRING,
              "localhost:9092",
              ConfigDef.Importance.HIGH,
              "Brokers.");

  @TempDir Path dir;

  @Test
  void shouldLetFlagsWinOverEnvironmentOverFileOverDefaults() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("weir.yaml"), "spans: {topic: from-file}\nwindow: 5s\nhttp:\n  port: 1\n");
    Settings settings =
        load(
            Map.of("WEIR_HTTP_PORT", "2", "WEIR_WINDOW", "10s", "HOME", "/"),
            "--config",
            file.toString(),
            "--http-port=3",
            "--quiet");
    assertThat(settings.string("spans.topic")).isEqualTo("from-file");
    assertThat(settings.duration("window")).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.integer("http.port")).isEqualTo(3);
    assertThat(settings.flag("quiet")).isTrue();
  }

  @Test
  void shouldCollectARepeatedFlagOfAList() {
    Settings settings =
        load(Map.of(), "--remote-write-url", "http://a", "--remote-write-url", "http://b");
    assertThat(settings.list("remote.write.url")).containsExactly("http://a", "http://b");
  }

  @Test
  void shouldHandKafkaSettingsToItsClients() {
    Settings settings =
        load(Map.of("WEIR_KAFKA_SECURITY_PROTOCOL", "SSL"), "--kafka-bootstrap-servers", "b:1");
    assertThat(settings.kafkaClient())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("bootstrap.servers", "b:1");
  }

  @Test
  void shouldMaskSecrets() {
    Settings settings = load(Map.of(), "--token", "abc", "--kafka-ssl-key-password", "def");
    assertThat(settings.effective())
        .containsEntry("token", "********")
        .containsEntry("kafka.ssl.key.password", "********");
    assertThat(settings.secret("token")).isEqualTo("abc");
  }

  @Test
  void shouldReportEveryProblemWithKeyValueAndRule() throws Exception {
    Path file = Files.writeString(dir.resolve("weir.properties"), "spans.topc=x\nkafka.acsk=1\n");
    assertThatThrownBy(
            () ->
                load(
                    Map.of("WEIR_HTTP_PROT", "1"),
                    "--config",
                    file.toString(),
                    "--windw",
                    "5s",
                    "--window",
                    "5 s",
                    "--http-port",
                    "70000",
                    "--token"))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(String.join("\n", e.problems()))
                    .contains(
                        "unknown setting 'spans.topc' in " + file + "; did you mean spans.topic?")
                    .contains("unknown setting 'kafka.acsk'")
                    .contains(
                        "unknown environment variable WEIR_HTTP_PROT; did you mean WEIR_HTTP_PORT?")
                    .contains("unknown flag --windw; did you mean --window?")
                    .contains("flag --token needs a value")
                    .contains(
                        "Invalid value 5 s for configuration window: must be a whole number and a unit")
                    .contains(
                        "Invalid value 70000 for configuration http.port: Value must be no more than 65535"));
  }

  private static Settings load(Map<String, String> environment, String... arguments) {
    return SettingsLoader.load(DEFINITION, List.of(arguments), environment);
  }
}
