package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicyForm;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A YAML file with {@code filter_policies:} in Tempo's form. */
final class FilterPoliciesFile {
  private static final String POLICIES = "filter_policies";

  private FilterPoliciesFile() {}

  /**
   * Reads the file that a setting names; none if it names none.
   *
   * @throws InvalidSettingsException if the file cannot be read, has a key that is not known, or a
   *     policy that cannot be used
   */
  static FilterPolicies read(String setting, String file) {
    if (file.isEmpty()) {
      return FilterPolicies.NONE;
    }
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      YamlSection root = YamlSection.of("the file " + file, yaml, Set.of(POLICIES));
      return FilterPolicies.of(FilterPolicyForm.read(root.list(POLICIES)));
    } catch (IOException e) {
      throw invalid(setting, file, "cannot be read: " + e);
    } catch (YAMLException e) {
      throw invalid(setting, file, "is not valid YAML: " + e.getMessage());
    } catch (IllegalArgumentException | InvalidSettingsException e) {
      throw invalid(setting, file, String.valueOf(e.getMessage()));
    }
  }

  private static InvalidSettingsException invalid(String setting, String file, String what) {
    return new InvalidSettingsException(
        "Invalid value %s for configuration %s: %s".formatted(file, setting, what));
  }
}
