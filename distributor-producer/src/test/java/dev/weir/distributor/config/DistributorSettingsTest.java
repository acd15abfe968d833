package dev.weir.distributor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.schemas.topic.SpanCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class DistributorSettingsTest {
  @Test
  void shouldHaveDefaults() {
    DistributorSettings settings = load();
    assertThat(settings.host()).isEqualTo("0.0.0.0");
    assertThat(settings.grpcPort()).isEqualTo(4317);
    assertThat(settings.httpPort()).isEqualTo(4318);
    assertThat(settings.maxRequestBytes()).isEqualTo(20 * 1024 * 1024);
    assertThat(settings.maxInflightBytes()).isEqualTo(256L * 1024 * 1024);
    assertThat(settings.producer())
        .isEqualTo(
            new ProducerSettings("lz4", Duration.ofMillis(5), Duration.ofSeconds(10), 15_983_616));
  }

  @Test
  void shouldReadEverySetting() {
    DistributorSettings settings =
        load(
            "--otlp-host=127.0.0.1",
            "--otlp-grpc-port=1",
            "--otlp-http-port=2",
            "--otlp-max-request-size=4096",
            "--otlp-max-inflight-size=2000000",
            "--spans-codec=push-bytes",
            "--producer-compression=zstd",
            "--producer-linger=20ms",
            "--producer-delivery-timeout=3s",
            "--producer-max-record-size=70000");
    assertThat(settings.topics().codec()).isEqualTo(SpanCodec.PUSH_BYTES);
    assertThat(settings)
        .isEqualTo(
            new DistributorSettings(
                settings.topics(),
                "127.0.0.1",
                1,
                2,
                4096,
                2_000_000,
                new ProducerSettings(
                    "zstd", Duration.ofMillis(20), Duration.ofSeconds(3), 70_000)));
  }

  @Test
  void shouldLeaveRoomForTheLargestRequest() {
    assertThatThrownBy(() -> load("--otlp-max-inflight-size=2000000"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "otlp.max.inflight.size (2000000) must be at least three times"
                + " otlp.max.request.size (20971520)");
  }

  @Test
  void shouldNotLetClientSettingsWeakenThePromise() {
    DistributorSettings settings = load();
    Map<String, Object> config =
        settings
            .producer()
            .producerConfig(
                Map.of("acks", "1", "batch.size", "1000", "group.id", "x", "linger.ms", "77"),
                settings.maxInflightBytes());
    assertThat(config)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("linger.ms", 5L)
        .containsEntry("batch.size", "1000")
        .doesNotContainKey("group.id");
  }

  private static DistributorSettings load(String... flags) {
    ConfigDef definition = DistributorSettings.define(new ConfigDef());
    return DistributorSettings.from(SettingsLoader.load(definition, List.of(flags), Map.of()));
  }
}
