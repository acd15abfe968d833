package dev.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadSettingsTest {
  @TempDir private Path directory;

  @Test
  void shouldNotMeasureTempoUnlessToldWhereItIs() throws Exception {
    Path binary = Files.createFile(directory.resolve("tempo"));
    assertThat(binary.toFile().setExecutable(true)).isTrue();

    assertThat(load().measuresTempo()).isFalse();
    assertThat(load("--tempo-binary", binary.toString()).measuresTempo()).isTrue();
  }

  @Test
  void shouldRefuseATempoThatCannotBeRun() throws Exception {
    Path text = Files.createFile(directory.resolve("tempo.txt"));

    for (Path wrong : List.of(directory.resolve("absent"), text, directory)) {
      assertThatThrownBy(() -> load("--tempo-binary", wrong.toString()))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessage(
              "Invalid value %s for configuration tempo.binary: must be an executable file, or empty"
                  .formatted(wrong));
    }
  }

  private static LoadSettings load(String... flags) {
    return LoadSettings.from(
        SettingsLoader.load(LoadSettings.define(new ConfigDef()), List.of(flags), Map.of()));
  }
}
