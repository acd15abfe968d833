package dev.weir.allinone.shadow;

import dev.weir.app.settings.InvalidSettingsException;

/** Names that people give: they become parts of topics' and directories' names. */
public final class Names {
  private Names() {}

  /**
   * The name, if it can be one.
   *
   * @param key the setting that says it
   * @throws InvalidSettingsException if not
   */
  public static String require(String key, String name) {
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}")) {
      throw new InvalidSettingsException(
          "%s=%s: a name has 1 to 64 letters, digits, - or _, and begins with a letter or digit"
              .formatted(key, name));
    }
    return name;
  }
}
