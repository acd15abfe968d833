package dev.weir.streams.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.config.StreamsSettings;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class KafkaStreamsConfigTest {
  @Test
  void shouldGiveATransactionMuchLongerThanTheCommitInterval() {
    assertThat(config().get("producer.transaction.timeout.ms")).isEqualTo(60_000);
    assertThat(config("--commit-interval", "30s").get("producer.transaction.timeout.ms"))
        .isEqualTo(120_000);
  }

  @Test
  void shouldBeExactlyOnceFromTheBeginningOfTheLog() {
    assertThat(config())
        .containsEntry("processing.guarantee", "exactly_once_v2")
        .containsEntry("consumer.auto.offset.reset", "earliest");
  }

  @Test
  void shouldHandTheMembershipOnlyToTheProtocolThatKnowsIt() {
    assertThat(config("--instance-id", "a", "--session-timeout", "20s"))
        .containsEntry("main.consumer.group.instance.id", "a")
        .containsEntry("main.consumer.session.timeout.ms", 20_000)
        .containsEntry("group.protocol", "classic");
    assertThat(config("--group-protocol", "streams"))
        .doesNotContainKey("main.consumer.session.timeout.ms")
        .containsEntry("group.protocol", "streams");
  }

  private static Properties config(String... flags) {
    return KafkaStreamsConfig.of(
        StreamsSettings.from(
            SettingsLoader.load(
                StreamsSettings.define(new ConfigDef()), List.of(flags), Map.of())));
  }
}
