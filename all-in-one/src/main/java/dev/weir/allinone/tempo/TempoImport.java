package dev.weir.allinone.tempo;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.config.OverridesFile;
import dev.weir.streams.config.StreamsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What Weir's settings would be for a Tempo: those of the streams application, the files they name,
 * and what Tempo has and Weir has not. Nothing is written anywhere.
 */
public final class TempoImport {
  private static final String OVERRIDES = "overrides.yaml";
  private static final String REMOTE_WRITE = "remote-write.yaml";
  private static final String GENERATOR = "metrics_generator";

  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, Object> files = new TreeMap<>();
  private final List<String> ignored = new ArrayList<>();

  private TempoImport() {}

  /**
   * Imports.
   *
   * @param main Tempo's configuration
   * @param perTenant the file that its {@code per_tenant_override_config} names
   * @throws InvalidSettingsException if one is not valid, or what comes of it is not
   */
  public static TempoImport of(String main, Optional<String> perTenant) {
    TempoImport made = new TempoImport();
    made.readMain(section("the file", load(main)), perTenant.isPresent());
    made.readTenants(perTenant.map(text -> section("the file of tenants", load(text))));
    made.validate();
    return made;
  }

  private static Object load(String text) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    } catch (YAMLException e) {
      throw new InvalidSettingsException("it is not valid YAML: " + e.getMessage());
    }
  }

  private static Map<?, ?> section(String where, @Nullable Object form) {
    if (form instanceof Map<?, ?> map) {
      return map;
    }
    throw new InvalidSettingsException(where + " must be a mapping");
  }

  private void readMain(Map<?, ?> main, boolean withTenants) {
    main.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          switch (name) {
            case GENERATOR, "ingest", "multitenancy_enabled" -> leaves(name, value);
            case "overrides" -> readOverrides(section(name, value), withTenants);
            default -> ignored.add(name + ": belongs to another part of Tempo");
          }
        });
  }

  /** Every value that is no mapping, by its path. */
  private void leaves(String path, @Nullable Object form) {
    TempoSetting known = TempoSetting.BY_PATH.get(path);
    if (form != null && known != null) {
      known.put(form, settings, files);
    } else if (form instanceof Map<?, ?> map) {
      map.forEach((key, value) -> leaves(path + '.' + key, value));
    } else if (form != null) {
      ignored.add(path + ": " + TempoSetting.reason(path));
    }
  }

  private void readOverrides(Map<?, ?> overrides, boolean withTenants) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    overrides.forEach(
        (key, value) -> {
          if ("defaults".equals(key) && value != null) {
            section("overrides.defaults", value)
                .forEach((name, form) -> defaults.put(String.valueOf(name), form));
          } else if (!("per_tenant_override_config".equals(key) && withTenants)) {
            ignored.add("overrides.%s: %s".formatted(key, TempoSetting.reason("overrides." + key)));
          }
        });
    files.put(OVERRIDES, new LinkedHashMap<>(Map.of("defaults", withProcessors(defaults))));
  }

  /** Tempo has no processors unless somebody says so. */
  private static Map<String, Object> withProcessors(Map<String, Object> defaults) {
    Map<String, Object> generator = new LinkedHashMap<>();
    generator.put("processors", List.of());
    if (defaults.get(GENERATOR) instanceof Map<?, ?> says) {
      says.forEach((name, form) -> generator.put(String.valueOf(name), form));
    }
    Map<String, Object> all = new LinkedHashMap<>(defaults);
    all.put(GENERATOR, generator);
    return all;
  }

  private void readTenants(Optional<Map<?, ?>> perTenant) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("defaults", withProcessors(Map.of()));
    if (files.get(OVERRIDES) instanceof Map<?, ?> read) {
      read.forEach((name, form) -> file.put(String.valueOf(name), form));
    }
    perTenant.ifPresent(
        tenants -> {
          tenants.forEach((name, form) -> file.put(String.valueOf(name), form));
          settings.put("compatibility.tenant.overrides.replace.defaults", "true");
        });
    files.put(OVERRIDES, file);
    settings.put("overrides.file", OVERRIDES);
  }

  /** What was made is read as the streams application would. */
  private void validate() {
    ignored.addAll(
        OverridesFile.read(dump(files.getOrDefault(OVERRIDES, Map.of()))).ignored().stream()
            .map(path -> path + ": Weir has no such thing")
            .toList());
    try {
      Path directory = Files.createTempDirectory("weir-import");
      try {
        StreamsSettings.from(
            SettingsLoader.load(
                StreamsSettings.define(new ConfigDef()), flags(directory), Map.of()));
      } finally {
        for (String file : files.keySet()) {
          Files.deleteIfExists(directory.resolve(file));
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary files can be written", e);
    }
  }

  private List<String> flags(Path directory) throws IOException {
    for (Map.Entry<String, Object> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), dump(file.getValue()));
    }
    List<String> flags = new ArrayList<>();
    settings.forEach(
        (key, value) -> {
          flags.add("--" + key.replace('.', '-'));
          flags.add(files.containsKey(value) ? directory.resolve(value).toString() : value);
        });
    return flags;
  }

  /** The settings and files as text, then what was ignored, as comments between. */
  public String text() {
    StringBuilder text = new StringBuilder("# weir.yaml, for --config\n").append(dump(settings));
    files.forEach((name, form) -> text.append("\n# ").append(name).append('\n').append(dump(form)));
    if (!ignored.isEmpty()) {
      text.append("\n# ignored:\n");
      ignored.forEach(line -> text.append("#   ").append(line).append('\n'));
    }
    return text.toString();
  }

  /** What was ignored, and why. */
  public List<String> ignored() {
    return List.copyOf(ignored);
  }

  private static String dump(Object form) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(form);
  }

  static String remoteWriteFile() {
    return REMOTE_WRITE;
  }
}
