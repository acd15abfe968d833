package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import dev.weir.streams.overrides.Overrides;
import dev.weir.streams.overrides.TempoForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a file with settings by tenant says.
 *
 * @param defaults of all tenants
 * @param tenants by tenant, {@code *} among them
 * @param ignored what Tempo knows and Weir does not, by path
 */
public record OverridesFile(
    Overrides defaults, Map<String, Overrides> tenants, List<String> ignored) {
  private static final String DEFAULTS = "defaults";
  private static final String TENANTS = "overrides";

  public OverridesFile {
    tenants = Map.copyOf(tenants);
    ignored = List.copyOf(ignored);
  }

  /**
   * Reads a file's text.
   *
   * @throws InvalidSettingsException if it is not of that form; the message says where
   */
  public static OverridesFile read(String text) {
    try {
      Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      return yaml == null
          ? new OverridesFile(Overrides.NONE, Map.of(), List.of())
          : read(YamlSection.of("the file", yaml, Set.of(DEFAULTS, TENANTS)));
    } catch (YAMLException e) {
      throw new InvalidSettingsException("it is not valid YAML: " + e.getMessage());
    }
  }

  private static OverridesFile read(YamlSection root) {
    List<String> ignored = new ArrayList<>();
    Map<String, Overrides> tenants = new LinkedHashMap<>();
    Overrides defaults =
        root.has(DEFAULTS) ? said(DEFAULTS, root.value(DEFAULTS), ignored) : Overrides.NONE;
    if (root.has(TENANTS)) {
      if (!(root.value(TENANTS) instanceof Map<?, ?> entries)) {
        throw new InvalidSettingsException(TENANTS + " must be a mapping of tenants");
      }
      entries.forEach(
          (tenant, says) ->
              tenants.put(
                  String.valueOf(tenant),
                  says == null
                      ? Overrides.NONE
                      : said(TENANTS + '.' + tenant, (Object) says, ignored)));
    }
    return new OverridesFile(defaults, tenants, ignored);
  }

  private static Overrides said(String where, Object says, List<String> ignored) {
    if (!(says instanceof Map<?, ?> form)) {
      throw new InvalidSettingsException(where + " must be a mapping");
    }
    try {
      TempoForm.Known known = TempoForm.known(form);
      known.ignored().forEach(path -> ignored.add(where + '.' + path));
      return Overrides.read(known.form());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException("%s: %s".formatted(where, e.getMessage()));
    }
  }
}
