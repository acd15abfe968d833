package dev.weir.streams.servicegraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeSettingsTest {
  @Test
  void shouldSpellLabelsAsPrometheusDoes() {
    EdgeSettings settings =
        new EdgeSettings(
            List.of("foo.bar", "foo-baz", "é", "A1"), false, false, true, false, false);

    assertThat(settings.labelNames()).containsExactly("foo_bar", "foo_baz", "_", "A1");
  }

  @Test
  void shouldTellADimensionBesideTheLabelThatEdgesHaveAnyway() {
    EdgeSettings settings =
        new EdgeSettings(
            List.of("client", "server", "connection.type", "virtual_node"),
            false,
            false,
            true,
            false,
            false);

    assertThat(settings.labelNames())
        .containsExactly("__client", "__server", "__connection_type", "__virtual_node");
  }

  @ParameterizedTest
  @ValueSource(strings = {"le", "__name__"})
  void shouldRefuseADimensionWhoseLabelMetricsHave(String dimension) {
    assertThatThrownBy(() -> new EdgeSettings(List.of(dimension), false, false, true, false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dimension \"%s\" makes the label \"%s\", which metrics have already",
            dimension, dimension);
  }

  @Test
  void shouldAllowSuchADimensionBehindAPrefix() {
    assertThat(
            new EdgeSettings(List.of("client", "1st"), true, false, true, false, false)
                .labelNames())
        .containsExactly("client", "1st");
  }

  @Test
  void shouldAllowTwoDimensionsOfOneLabel() {
    EdgeSettings settings =
        new EdgeSettings(List.of("a.b", "a-b"), true, false, true, false, false);

    assertThat(settings.labelNames()).containsExactly("a_b", "a_b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1st"})
  void shouldRefuseADimensionThatMakesNoName(String dimension) {
    assertThatThrownBy(() -> new EdgeSettings(List.of(dimension), false, false, true, false, false))
        .hasMessageEndingWith(", which is no label name");
  }
}
