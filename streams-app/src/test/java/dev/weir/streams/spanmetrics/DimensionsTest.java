package dev.weir.streams.spanmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DimensionsTest {

  @ParameterizedTest
  @CsvSource({
    "foo bar,foo_bar",
    "foo.bar,foo_bar",
    "é,_",
    "😀x,_x",
    "5a,5a",
    "valid_label_123,valid_label_123",
    "span.kind,__span_kind",
    "status_message,__status_message",
    "service,__service",
    "job,job"
  })
  void shouldCallAKeyAsPrometheusWould(String key, String label) {
    assertThat(Dimensions.label(key)).isEqualTo(label);
  }

  @Test
  void shouldAllowTwoAttributesOfOneLabel() {
    assertThat(dimensions(List.of("deployment_environment", "deployment.environment")).attributes())
        .hasSize(2);
  }

  @Test
  void shouldRefuseAMappingThatIsCalledLikeAnAttribute() {
    assertThatThrownBy(() -> dimensions(List.of("foo.bar"), "foo_bar=/:a;b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dimension_mapping \"foo_bar\" produces label \"foo_bar\" which collides with dimension \"foo.bar\"");
  }

  @Test
  void shouldRefuseAMappingThatIsCalledLikeAnother() {
    assertThatThrownBy(() -> dimensions(List.of(), "x.y=/:a", "x-y=/:b"))
        .hasMessage(
            "dimension_mapping \"x-y\" produces label \"x_y\" which collides with dimension_mapping \"x.y\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"le", "", "__name__", "--name--"})
  void shouldRefuseLabelsThatMetricsNeedForThemselves(String key) {
    assertThatThrownBy(() -> dimensions(List.of(key))).hasMessageContaining("cannot be used");
  }

  @Test
  void shouldReadAMapping() {
    assertThat(DimensionMapping.parse("a=b=: :c; d"))
        .isEqualTo(new DimensionMapping("a", "b=: ", List.of("c", "d")));
    assertThat(DimensionMapping.parse("a=:c"))
        .isEqualTo(new DimensionMapping("a", "", List.of("c")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a=b", "=:b", "a=/:", "a=/:b;", "a:b=c"})
  void shouldRefuseAMappingOfAnotherForm(String text) {
    assertThatThrownBy(() -> DimensionMapping.parse(text))
        .hasMessage(
            "dimension_mapping \"" + text + "\" is not of the form name=join:source;source");
  }

  private static Dimensions dimensions(List<String> attributes, String... mappings) {
    return new Dimensions(
        Set.of(),
        attributes,
        java.util.Arrays.stream(mappings).map(DimensionMapping::parse).toList());
  }
}
