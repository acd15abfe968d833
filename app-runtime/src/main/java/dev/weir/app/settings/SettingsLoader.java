package dev.weir.app.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Merges the sources of settings: default, then file ({@code --config}, YAML or {@code
 * .properties}), then environment, then flags; the later one wins. The setting {@code http.port} is
 * {@code http: {port: …}} or {@code http.port: …} in the file, {@code WEIR_HTTP_PORT} in the
 * environment and {@code --http-port} on the command line.
 */
public final class SettingsLoader {
  private static final String ENVIRONMENT_PREFIX = "WEIR_";

  /** Variables of the start script and of the tests, which are no settings. */
  private static final Set<String> SCRIPT_VARIABLES =
      Set.of("WEIR_JAVA_OPTS", "WEIR_HOME", "WEIR_TEST_PROMETHEUS");

  private final ConfigDef definition;
  private final Set<String> kafkaNames = KafkaClientKeys.names();
  private final Map<String, String> keyByFlag = new TreeMap<>();
  private final Map<String, String> keyByVariable = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private SettingsLoader(ConfigDef definition) {
    this.definition = definition;
    kafkaNames.forEach(name -> addSpellings(KafkaClientKeys.PREFIX + name));
    definition.names().forEach(this::addSpellings);
  }

  /**
   * Reads and validates the settings of one process.
   *
   * @param definition every setting that the process knows, with type, default, rule and
   *     description
   * @param arguments the command line without the command itself
   * @param environment the environment variables
   * @throws InvalidSettingsException with all problems: unknown keys, values that break a rule,
   *     files that can't be read
   */
  public static Settings load(
      ConfigDef definition, List<String> arguments, Map<String, String> environment) {
    return new SettingsLoader(definition).load(arguments, environment);
  }

  private Settings load(List<String> arguments, Map<String, String> environment) {
    Map<String, String> flags = new LinkedHashMap<>();
    Optional<Path> file = readFlags(arguments, flags);
    Map<String, String> merged = new LinkedHashMap<>();
    file.ifPresent(path -> readFile(path, merged));
    readEnvironment(environment, merged);
    merged.putAll(flags);
    return validated(merged);
  }

  private Settings validated(Map<String, String> merged) {
    Map<String, String> kafkaClient = new TreeMap<>();
    Map<String, String> own = new TreeMap<>();
    merged.forEach(
        (key, value) -> {
          if (definition.names().contains(key)) {
            own.put(key, value);
          } else {
            kafkaClient.put(key.substring(KafkaClientKeys.PREFIX.length()), value);
          }
        });
    for (ConfigValue value : definition.validate(own)) {
      problems.addAll(value.errorMessages());
    }
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    Map<String, Object> values = definition.parse(own);
    Object servers = values.get("kafka.bootstrap.servers");
    if (servers != null) {
      kafkaClient.put(
          "bootstrap.servers",
          servers instanceof List<?> list
              ? String.join(",", list.stream().map(String::valueOf).toList())
              : servers.toString());
    }
    return new Settings(values, kafkaClient);
  }

  private Optional<Path> readFlags(List<String> arguments, Map<String, String> flags) {
    Optional<Path> file = Optional.empty();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        problems.add("argument '" + argument + "' is not a flag; flags begin with --");
        continue;
      }
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
      String key = flag.equals("config") ? "config" : keyByFlag.get(flag);
      if (key == null) {
        problems.add("unknown flag --" + flag + suggestion(flag, keyByFlag.keySet(), "--"));
        boolean hasValue =
            equals < 0 && i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
        i += hasValue ? 1 : 0;
        continue;
      }
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (isBoolean(key)
          && (i + 1 == arguments.size() || arguments.get(i + 1).startsWith("--"))) {
        value = "true";
      } else if (i + 1 < arguments.size()) {
        value = arguments.get(++i);
      } else {
        problems.add("flag --" + flag + " needs a value");
        continue;
      }
      if (key.equals("config")) {
        file = Optional.of(Path.of(value));
      } else {
        flags.merge(key, value, (first, second) -> isList(key) ? first + "," + second : second);
      }
    }
    return file;
  }

  private void readFile(Path file, Map<String, String> into) {
    try (Reader reader = Files.newBufferedReader(file)) {
      Map<String, String> read = new LinkedHashMap<>();
      if (file.toString().endsWith(".properties")) {
        Properties properties = new Properties();
        properties.load(reader);
        properties.forEach((key, value) -> read.put(key.toString(), value.toString()));
      } else {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
        if (tree instanceof Map<?, ?> map) {
          flatten("", map, read);
        } else if (tree != null) {
          problems.add(file + " must hold a mapping of settings");
        }
      }
      read.forEach(
          (key, value) -> {
            if (isKnown(key)) {
              into.put(key, value);
            } else {
              problems.add(
                  "unknown setting '"
                      + key
                      + "' in "
                      + file
                      + suggestion(key, definition.names(), ""));
            }
          });
    } catch (IOException e) {
      problems.add("the settings file " + file + " cannot be read: " + e);
    } catch (YAMLException e) {
      problems.add("the settings file " + file + " is not valid YAML: " + e.getMessage());
    }
  }

  private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> into) {
    tree.forEach(
        (name, value) -> {
          String key = prefix + name;
          if (value instanceof Map<?, ?> map) {
            flatten(key + ".", map, into);
          } else if (value instanceof List<?> list) {
            into.put(key, String.join(",", list.stream().map(String::valueOf).toList()));
          } else {
            into.put(key, value == null ? "" : value.toString());
          }
        });
  }

  private void readEnvironment(Map<String, String> environment, Map<String, String> into) {
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (!variable.startsWith(ENVIRONMENT_PREFIX) || SCRIPT_VARIABLES.contains(variable)) {
                return;
              }
              String key = keyByVariable.get(variable);
              if (key == null) {
                problems.add(
                    "unknown environment variable "
                        + variable
                        + suggestion(variable, keyByVariable.keySet(), ""));
              } else {
                into.put(key, value);
              }
            });
  }

  private void addSpellings(String key) {
    keyByFlag.put(key.replace('.', '-'), key);
    keyByVariable.put(
        ENVIRONMENT_PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT), key);
  }

  private boolean isKnown(String key) {
    return definition.names().contains(key)
        || (key.startsWith(KafkaClientKeys.PREFIX)
            && kafkaNames.contains(key.substring(KafkaClientKeys.PREFIX.length())));
  }

  private boolean isBoolean(String key) {
    return hasType(key, ConfigDef.Type.BOOLEAN);
  }

  private boolean isList(String key) {
    return hasType(key, ConfigDef.Type.LIST);
  }

  private boolean hasType(String key, ConfigDef.Type type) {
    ConfigDef.ConfigKey known = definition.configKeys().get(key);
    return known != null && known.type == type;
  }

  private static String suggestion(String misspelt, Set<String> known, String prefix) {
    return new TreeSet<>(known)
        .stream()
            .min((a, b) -> Integer.compare(distance(misspelt, a), distance(misspelt, b)))
            .filter(nearest -> distance(misspelt, nearest) <= Math.max(2, misspelt.length() / 4))
            .map(nearest -> "; did you mean " + prefix + nearest + "?")
            .orElse("");
  }

  /** Edit distance (Levenshtein). */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
