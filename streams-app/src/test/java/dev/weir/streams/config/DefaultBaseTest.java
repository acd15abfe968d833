package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.overrides.Overrides;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.VersionForm;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** What is published at the first start of a release with settings that say nothing new. */
class DefaultBaseTest {
  private static final Overrides BASE =
      StreamsSettings.from(
              SettingsLoader.load(StreamsSettings.define(new ConfigDef()), List.of(), Map.of()))
          .tenants()
          .toOverrides();

  /** Or else a rollout stops the instances of the release before, and there is no way back. */
  @Test
  void shouldSayNothingThatTheFirstReleaseDoesNotKnow() throws Exception {
    ObjectMapper json = new ObjectMapper();

    assertThat(json.readTree(VersionForm.write(OverridesVersion.base(1, BASE))))
        .as("a new field says nothing by default, see ADR 17")
        .isEqualTo(json.readTree(ofTheFirstRelease()));
  }

  @Test
  void shouldBeReadFromTheBytesOfTheFirstRelease() throws Exception {
    assertThat(VersionForm.read(ofTheFirstRelease()).defaults()).isEqualTo(Optional.of(BASE));
  }

  private static byte[] ofTheFirstRelease() throws Exception {
    try (InputStream stored = DefaultBaseTest.class.getResourceAsStream("/overrides/base-1.json")) {
      return stored.readAllBytes();
    }
  }
}
