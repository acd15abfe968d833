package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class DefaultsTest {
  private final ConfigDef definition =
      new ConfigDef()
          .define(
              "port",
              ConfigDef.Type.INT,
              1,
              ConfigDef.Range.between(0, 9),
              ConfigDef.Importance.HIGH,
              "A port.")
          .define("host", ConfigDef.Type.STRING, "a", ConfigDef.Importance.HIGH, "A host.");

  @Test
  void shouldChangeADefaultAndNothingElse() {
    ConfigDef changed = Defaults.changed(definition, Map.of("port", 5));

    assertThat(changed.defaultValues()).isEqualTo(Map.of("port", 5, "host", "a"));
    assertThat(changed.configKeys().get("port").documentation).isEqualTo("A port.");
    assertThat(definition.defaultValues()).containsEntry("port", 1);
  }

  @Test
  void shouldHoldADefaultToTheRule() {
    assertThatThrownBy(() -> Defaults.changed(definition, Map.of("port", 10)))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void shouldRefuseADefaultOfNoSetting() {
    assertThatThrownBy(() -> Defaults.changed(definition, Map.of("prot", 5)))
        .hasMessage("no setting is called [prot]");
  }
}
