package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.streams.filter.FilterPolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterPoliciesFileTest {
  @TempDir private Path directory;

  @Test
  void shouldReadPolicies() throws IOException {
    FilterPolicies policies =
        read(
            """
            filter_policies:
              - include:
                  match_type: regex
                  attributes:
                    - {key: kind, value: SPAN_KIND_(SERVER|CONSUMER)}
                include_any: {match_type: strict, attributes: [{key: span.port, value: 80}]}
              - exclude: {match_type: strict, attributes: [{key: resource.test, value: true}]}
            """);

    assertThat(policies.isEmpty()).isFalse();
  }

  @Test
  void shouldHaveNoPoliciesWithoutAFile() {
    assertThat(FilterPoliciesFile.read("key", "").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter_policies: [{}]|policies must have at least an `include`, `includeAny` or `exclude`",
        "filter_policies: [{include: {match_type: x}}]|invalid match type: x",
        "filter_policies: [{incl: {}}]|unknown key 'incl'",
        "policies: []|unknown key 'policies'",
        "filter_policies: [{include: {match_type: strict, attributes: [{key: kind}]}}]|needs value",
        "filter_policies: [|is not valid YAML"
      })
  void shouldSayWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("for configuration key: ")
        .hasMessageContaining(message);
  }

  @Test
  void shouldRefuseAFileThatIsNotThere() {
    assertThatThrownBy(() -> FilterPoliciesFile.read("key", directory.resolve("no").toString()))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("cannot be read");
  }

  private FilterPolicies read(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("filter.yaml"), yaml);
    return FilterPoliciesFile.read("key", file.toString());
  }
}
