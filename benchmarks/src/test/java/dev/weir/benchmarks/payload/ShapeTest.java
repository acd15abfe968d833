package dev.weir.benchmarks.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

class ShapeTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldTellTempoWhatItTellsTheStreamsApp(Shape shape) throws Exception {
    assertThat(overridesAsFlags(shape)).isEqualTo(flags(shape));
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTempoRunWhatTheStreamsAppRunsByDefault(Shape shape) {
    assertThat(overrides(shape))
        .containsEntry("processors", List.of("service-graphs", "span-metrics"));
  }

  private Map<String, Object> flags(Shape shape) throws IOException {
    Map<String, Object> values = new TreeMap<>();
    for (Iterator<String> flags = shape.flags(directory).iterator(); flags.hasNext(); ) {
      String flag = flags.next();
      values.put(flag, value(flag, flags.next()));
    }
    return values;
  }

  private static Object value(String flag, String text) throws IOException {
    if (flag.endsWith("-policies")) {
      Map<String, Object> file = new Yaml().load(Files.readString(Path.of(text)));
      return file.get("filter_policies");
    }
    return text.equals("true") ? true : List.of(text.split(",", -1));
  }

  private static Map<String, Object> overridesAsFlags(Shape shape) {
    Map<String, Object> values = new TreeMap<>();
    Map<?, ?> processors = (Map<?, ?>) overrides(shape).getOrDefault("processor", Map.of());
    processors.forEach(
        (processor, keys) ->
            ((Map<?, ?>) keys)
                .forEach((key, value) -> values.put(flag(processor + "_" + key), value)));
    return values;
  }

  private static String flag(String override) {
    return "--"
        + override
            .replace("service_graphs", "service_graph")
            .replace("enable_target_info", "target_info_enabled")
            .replace('_', '-');
  }

  private static Map<String, Object> overrides(Shape shape) {
    return new Yaml().load(shape.tempoOverrides());
  }
}
