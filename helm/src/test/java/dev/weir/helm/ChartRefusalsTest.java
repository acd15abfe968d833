package dev.weir.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that Helm must refuse before anything is changed in a cluster. */
class ChartRefusalsTest {

  @ParameterizedTest
  @CsvSource({
    "image.repository,image.repository is required",
    "kafka.bootstrapServers,kafka.bootstrapServers is required",
    "remoteWrite.urls,remoteWrite.urls or remoteWrite.configSecret.name is required",
  })
  void shouldNameTheRequiredValueThatIsMissing(String value, String message) {
    Chart chart = Chart.minimal().with(value, value.equals("remoteWrite.urls") ? "null" : "");

    assertThatThrownBy(chart::render).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "replicas",
    "kafka.bootstrapservers",
    "streams.shard",
    "ingester.replicas",
    "distributor.resources.limit",
    "remoteWrite.configSecret.file",
  })
  void shouldRefuseAValueThatTheChartDoesNotKnow(String path) {
    String name = path.substring(path.lastIndexOf('.') + 1);

    assertThatThrownBy(Chart.minimal().with(path, "x")::render)
        .hasMessageContaining("additional properties '" + name + "' not allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "streams.shards,many,/streams/shards",
    "streams.shards,0,/streams/shards",
    "streams.window,15,/streams/window",
    "streams.window,15 seconds,/streams/window",
    "spans.codec,zipkin,/spans/codec",
    "distributor.enabled,maybe,/distributor/enabled",
    "distributor.service.type,Ingress,/distributor/service/type",
    "remoteWrite.urls[0],prometheus:9090,/remoteWrite/urls/0",
  })
  void shouldRefuseAValueOfTheWrongFormAndNameItsPlace(String path, String value, String place) {
    assertThatThrownBy(Chart.minimal().with(path, value)::render)
        .hasMessageContaining("at '" + place + "'");
  }

  @Test
  void shouldRefuseASettingThatTheChartSetsItself() {
    assertThatThrownBy(Chart.minimal().with("streams.config.window", "1m")::render)
        .hasMessageContaining("streams.config.window: the chart sets this key itself");
  }

  @ParameterizedTest
  @CsvSource({"sasl.jaas.config", "ssl.truststore.password", "ssl.keystore.key"})
  void shouldRefuseSecretsInPlainValues(String property) {
    String path = "kafka.config." + property.replace(".", "\\.");

    assertThatThrownBy(Chart.minimal().with(path, "secret")::render)
        .hasMessageContaining("kafka.config." + property + " would stand readable in a ConfigMap");
  }

  @Test
  void shouldAskForTheSecretThatPropertiesSpeakOf() {
    Chart chart = Chart.minimal().with("kafka.secret.properties.password", "key");

    assertThatThrownBy(chart::render)
        .hasMessageContaining("kafka.secret.name is required when kafka.secret.properties is set");
  }
}
