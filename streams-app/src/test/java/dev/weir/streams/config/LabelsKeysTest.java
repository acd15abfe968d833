package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.series.LabelRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsKeysTest {
  @Test
  void shouldAddNoLabelsAndTellNoHostsUnlessAsked() {
    StreamsSettings settings = settings();

    assertThat(settings.merge().naming()).isEqualTo(SampleNaming.DEFAULT);
    assertThat(settings.aggregate().labels()).isEqualTo(new LabelRules(1024, 2048, Set.of()));
    assertThat(settings.aggregate().hostInfo()).isEqualTo(HostInfoSettings.DISABLED);
  }

  @Test
  void shouldReadExternalLabels() {
    StreamsSettings settings =
        settings("--external-labels", "region=eu=1, zone=a", "--inject-tenant-id-as", "tenant");

    assertThat(settings.merge().naming().external().fixed())
        .isEqualTo(Map.of("region", "eu=1", "zone", "a"));
    assertThat(settings.merge().naming().external().tenantLabel()).isEqualTo("tenant");
    assertThat(settings.aggregate().labels().overwritten())
        .containsOnly("region", "zone", "tenant");
  }

  @Test
  void shouldReadHowHostsAreTold() {
    StreamsSettings settings =
        settings(
            "--processors",
            "host-info",
            "--host-info-host-identifiers",
            "host.name,host.id",
            "--host-info-metric-name",
            "hosts");

    assertThat(settings.aggregate().hostInfo())
        .isEqualTo(new HostInfoSettings(true, List.of("host.name", "host.id")));
    assertThat(settings.merge().naming().hostInfo()).isEqualTo("hosts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--external-labels|region|external.labels: is not of the form name=value",
        "--external-labels|le=1|external.labels: \"le\" cannot be the name of a label",
        "--external-labels|1a=1|external.labels: \"1a\" cannot be the name of a label",
        "--external-labels|a=|external.labels: the label \"a\" has no value",
        "--external-labels|a=1,a=2|external.labels: there is another label of that name",
        "--inject-tenant-id-as|__name__|inject.tenant.id.as: \"__name__\" cannot be the name of a label",
        "--host-info-host-identifiers|,|host.info.host.identifiers: must name at least one attribute",
        "--host-info-metric-name|a-b|host.info.metric.name: must be letters, digits, _ and :, with no digit in front",
        "--max-label-name-length|8|max.label.name.length: must be 0 or from 16 to 1048576"
      })
  void shouldSayWhatIsWrong(String flag, String value, String message) {
    assertThatThrownBy(() -> settings(flag, value))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("for configuration " + message);
  }

  private static StreamsSettings settings(String... arguments) {
    return StreamsSettings.from(
        SettingsLoader.load(StreamsSettings.define(new ConfigDef()), List.of(arguments), Map.of()));
  }
}
