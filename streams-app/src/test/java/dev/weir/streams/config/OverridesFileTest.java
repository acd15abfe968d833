package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.streams.overrides.Overrides;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesFileTest {

  @Test
  void shouldReadDefaultsAndTenants() {
    OverridesFile file =
        OverridesFile.read(
            """
            defaults:
              metrics_generator: {processors: [span-metrics]}
            overrides:
              acme:
                metrics_generator:
                  processor: {span_metrics: {dimensions: [zone]}}
              "*": {}
              empty:
            """);

    assertThat(file.defaults()).isNotEqualTo(Overrides.NONE);
    assertThat(file.tenants()).containsOnlyKeys("acme", "*", "empty");
    assertThat(file.tenants()).containsEntry("*", Overrides.NONE);
    assertThat(file.ignored()).isEmpty();
  }

  @Test
  void shouldSayWhatOfTempoItIgnores() {
    OverridesFile file =
        OverridesFile.read(
            """
            overrides:
              acme:
                ingestion: {rate_limit_bytes: 15000000}
                metrics_generator: {ring_size: 3, processors: [span-metrics]}
            """);

    assertThat(file.ignored())
        .containsExactly("overrides.acme.ingestion", "overrides.acme.metrics_generator.ring_size");
  }

  @Test
  void shouldTakeAnEmptyFileForNothing() {
    assertThat(OverridesFile.read("").tenants()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | the file must be a mapping",
        "{tenants: {}} | the file has the unknown key 'tenants'; allowed are defaults, overrides",
        "{overrides: [a]} | overrides must be a mapping of tenants",
        "{overrides: {acme: 1}} | overrides.acme must be a mapping",
        "{overrides: {acme: {nonsense: 1}}} | overrides.acme: unknown field \"nonsense\"",
        "{defaults: {metrics_generator: {processors: x}}} | defaults: metrics_generator.processors: must be a list",
      })
  void shouldSayWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> OverridesFile.read(text))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(message);
  }
}
