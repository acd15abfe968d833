package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A YAML file with {@code filter_policies:} in Tempo's form. */
final class FilterPoliciesFile {
  private static final String POLICIES = "filter_policies";
  private static final String INCLUDE = "include";
  private static final String INCLUDE_ANY = "include_any";
  private static final String EXCLUDE = "exclude";
  private static final String MATCH_TYPE = "match_type";
  private static final String ATTRIBUTES = "attributes";
  private static final String KEY = "key";
  private static final String VALUE = "value";

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
      return FilterPolicies.of(
          root.list(POLICIES).stream().map(FilterPoliciesFile::policy).toList());
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

  private static FilterPolicy policy(Object yaml) {
    YamlSection policy =
        YamlSection.of("a policy of " + POLICIES, yaml, Set.of(INCLUDE, INCLUDE_ANY, EXCLUDE));
    return new FilterPolicy(
        rule(policy, INCLUDE), rule(policy, INCLUDE_ANY), rule(policy, EXCLUDE));
  }

  private static Optional<FilterPolicy.Rule> rule(YamlSection policy, String name) {
    return policy
        .section(name, Set.of(MATCH_TYPE, ATTRIBUTES))
        .map(
            rule ->
                new FilterPolicy.Rule(
                    rule.text(MATCH_TYPE).orElse(""), attributes(rule.list(ATTRIBUTES))));
  }

  private static List<FilterPolicy.Attribute> attributes(List<Object> yaml) {
    return yaml.stream().map(FilterPoliciesFile::attribute).toList();
  }

  private static FilterPolicy.Attribute attribute(Object yaml) {
    YamlSection attribute = YamlSection.of("an attribute of a rule", yaml, Set.of(KEY, VALUE));
    return new FilterPolicy.Attribute(attribute.required(KEY), attribute.value(VALUE));
  }
}
