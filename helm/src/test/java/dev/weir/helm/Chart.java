package dev.weir.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The chart with a set of values, to be rendered as release {@code weir}. Immutable. */
record Chart(String valuesFile, Map<String, Object> overrides) {
  private static final Path DIRECTORY = Path.of("weir");

  /** Only what has no default. */
  static Chart minimal() {
    return new Chart("minimal-values.yaml", Map.of());
  }

  /** Every branch of the templates. */
  static Chart full() {
    return new Chart("full-values.yaml", Map.of());
  }

  /** The same with one more value; {@code path} is in the form of Helm's {@code --set}. */
  Chart with(String path, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(overrides);
    more.put(path, value);
    return new Chart(valuesFile, more);
  }

  /**
   * Renders it.
   *
   * @throws IllegalStateException with Helm's message if the values are refused
   */
  Manifests render() {
    TemplateCommand template =
        new Helm(DIRECTORY)
            .template()
            .withName("weir")
            .withNamespace("observability")
            .withKubeVersion("1.31.0")
            .withValuesFile(DIRECTORY.resolve("ci").resolve(valuesFile));
    overrides.forEach(template::set);
    return Manifests.parse(template.call());
  }

  /** What Helm's linter says, warnings being failures. */
  static LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }
}
