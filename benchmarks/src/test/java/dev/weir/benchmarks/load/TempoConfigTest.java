package dev.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.benchmarks.payload.Shape;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class TempoConfigTest {
  private static final String URL = "http://127.0.0.1:9/api/v1/write";

  private final Map<String, Object> config =
      new Yaml()
          .load(
              new TempoConfig(Shape.PROD, "127.0.0.1:7", "group", URL, Path.of("it's: #1"), 8, 9)
                  .yaml());

  @Test
  void shouldReadTheTopicAndWriteToTheReceiver() {
    assertThat(at("ingest", "kafka", "address")).isEqualTo("127.0.0.1:7");
    assertThat(at("ingest", "kafka", "topic")).isEqualTo(LoadSettings.TOPIC);
    assertThat(at("metrics_generator", "storage", "remote_write").toString()).contains(URL);
  }

  @Test
  void shouldFindItsDirectoryWhateverItIsCalled() {
    assertThat(at("metrics_generator", "storage", "path")).isEqualTo("it's: #1/wal");
  }

  @Test
  void shouldHaveTheOverridesOfTheShapeForEveryTenant() {
    Map<String, Object> shape = new Yaml().load(Shape.PROD.tempoOverrides());

    assertThat(at("overrides", "defaults", "metrics_generator"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsAllEntriesOf(shape);
  }

  private Object at(String... path) {
    Object value = config;
    for (String key : path) {
      value = ((Map<?, ?>) value).get(key);
    }
    return value;
  }
}
