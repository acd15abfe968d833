package dev.weir.allinone;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;

/** Changes defaults of settings that others define; everything else about them stays. */
final class Defaults {
  private Defaults() {}

  /**
   * A copy with other defaults.
   *
   * @throws IllegalArgumentException if {@code definition} lacks a key of {@code defaults}
   */
  static ConfigDef changed(ConfigDef definition, Map<String, Object> defaults) {
    Set<String> unknown = new TreeSet<>(defaults.keySet());
    unknown.removeAll(definition.names());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("no setting is called " + unknown);
    }
    ConfigDef copy = new ConfigDef();
    for (ConfigDef.ConfigKey key : definition.configKeys().values()) {
      Object value = defaults.get(key.name);
      if (value == null) {
        copy.define(key);
      } else {
        copy.define(key.name, key.type, value, key.validator, key.importance, key.documentation);
      }
    }
    return copy;
  }
}
