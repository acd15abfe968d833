package dev.weir.app.settings;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;

/**
 * Prints definitions for people: the text of {@code --help} and the reference page in {@code docs}.
 */
public final class SettingsReference {
  private SettingsReference() {}

  /** The flags, one paragraph each, for a terminal. */
  public static String help(ConfigDef definition) {
    return sorted(definition).stream()
        .map(
            key ->
                "  --"
                    + key.name.replace('.', '-')
                    + " <"
                    + typeName(key)
                    + ">"
                    + defaultOf(key)
                    + "\n      "
                    + key.documentation)
        .collect(Collectors.joining("\n"));
  }

  /** A Markdown table of all settings. */
  public static String markdown(ConfigDef definition) {
    return sorted(definition).stream()
        .map(SettingsReference::row)
        .collect(
            Collectors.joining(
                "\n",
                "| Setting | Type | Default | Rule | Meaning |\n|---|---|---|---|---|\n",
                "\n"));
  }

  private static String row(ConfigDef.ConfigKey key) {
    String rule = key.validator == null ? "" : key.validator.toString().replace("|", "\\|");
    return "| `"
        + key.name
        + "` | "
        + typeName(key)
        + " | "
        + defaultCell(key)
        + " | "
        + rule
        + " | "
        + key.documentation.replace("|", "\\|")
        + " |";
  }

  private static List<ConfigDef.ConfigKey> sorted(ConfigDef definition) {
    return definition.configKeys().values().stream()
        .sorted((a, b) -> a.name.compareTo(b.name))
        .toList();
  }

  private static String typeName(ConfigDef.ConfigKey key) {
    return key.type.name().toLowerCase(Locale.ROOT);
  }

  private static String defaultOf(ConfigDef.ConfigKey key) {
    String text = defaultText(key);
    return text.isEmpty() ? "" : " (default " + text + ")";
  }

  private static String defaultCell(ConfigDef.ConfigKey key) {
    String text = defaultText(key);
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String defaultText(ConfigDef.ConfigKey key) {
    if (!key.hasDefault() || key.defaultValue == null || key.defaultValue instanceof Password) {
      return "";
    }
    return key.defaultValue instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : key.defaultValue.toString();
  }
}
