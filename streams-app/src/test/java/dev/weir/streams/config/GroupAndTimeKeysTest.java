package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.aggregate.RecordTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class GroupAndTimeKeysTest {
  @Test
  void shouldAskTheTopicWhoseTimeItIs() {
    RecordTimeConfig time = settings().recordTime();

    assertThat(time.inForce(() -> true)).isEqualTo(new RecordTime(true, Duration.ofSeconds(10)));
    assertThat(time.inForce(() -> false)).isEqualTo(new RecordTime(false, Duration.ofSeconds(1)));
  }

  @Test
  void shouldTakeWhatIsSetOverWhatTheTopicSays() {
    RecordTimeConfig time =
        settings("--record-time-type", "CreateTime", "--record-time-bound", "3s").recordTime();

    assertThat(time.inForce(() -> false)).isEqualTo(new RecordTime(true, Duration.ofSeconds(3)));
  }

  @Test
  void shouldWaitForEverUnlessTold() {
    assertThat(settings().recordTime().maxHoldBack()).isEmpty();
    assertThat(settings("--max-hold-back", "10m").aggregate().maxHoldBack())
        .contains(Duration.ofMinutes(10));
  }

  @Test
  void shouldRefuseToGiveUpWhatIsStillOnTime() {
    assertThatThrownBy(() -> settings("--max-hold-back", "30s", "--record-time-bound", "30s"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("max.hold.back=30s: must be more than record.time.bound=30s");
  }

  @Test
  void shouldRefuseABoundThatIsNone() {
    assertThatThrownBy(() -> settings("--record-time-bound", "2h"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("record.time.bound");
  }

  @Test
  void shouldRefuseANameUnderTheStreamsProtocol() {
    assertThatThrownBy(() -> settings("--group-protocol", "streams", "--instance-id", "a"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("instance.id=a: group.protocol=streams knows no static members");
  }

  @Test
  void shouldSayWhereStandbyReplicasAreSetUnderTheStreamsProtocol() {
    assertThatThrownBy(() -> settings("--group-protocol", "streams", "--standby-replicas", "1"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("streams.num.standby.replicas of group weir-streams");
  }

  private static StreamsSettings settings(String... flags) {
    return StreamsSettings.from(
        SettingsLoader.load(StreamsSettings.define(new ConfigDef()), List.of(flags), Map.of()));
  }
}
