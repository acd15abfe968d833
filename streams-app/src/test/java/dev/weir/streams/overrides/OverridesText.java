package dev.weir.streams.overrides;

import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Overrides written down as YAML. */
final class OverridesText {
  private OverridesText() {}

  static Overrides read(String text) {
    return Overrides.read(form(text));
  }

  static Map<String, Object> form(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }
}
