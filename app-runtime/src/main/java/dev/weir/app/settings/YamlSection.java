package dev.weir.app.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A mapping of a YAML file of which every key is known. */
public final class YamlSection {
  private final String where;
  private final Map<String, Object> values;

  private YamlSection(String where, Map<String, Object> values) {
    this.where = where;
    this.values = values;
  }

  /**
   * @param where what messages call the mapping
   * @throws InvalidSettingsException if it is no mapping, or has a key that is not allowed
   */
  public static YamlSection of(String where, Object yaml, Set<String> allowed) {
    if (!(yaml instanceof Map<?, ?> map)) {
      throw new InvalidSettingsException(where + " must be a mapping");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = String.valueOf(entry.getKey());
      if (!allowed.contains(key)) {
        throw new InvalidSettingsException(
            "%s has the unknown key '%s'; allowed are %s"
                .formatted(where, key, String.join(", ", new TreeSet<>(allowed))));
      }
      if (entry.getValue() != null) {
        values.put(key, entry.getValue());
      }
    }
    return new YamlSection(where, values);
  }

  /** What messages call it. */
  public String where() {
    return where;
  }

  /** Whether it has a value of that key. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** A scalar as text. */
  public Optional<String> text(String key) {
    Object value = values.get(key);
    if (value instanceof Map || value instanceof List) {
      throw new InvalidSettingsException("%s in %s must be a single value".formatted(key, where));
    }
    return Optional.ofNullable(value).map(String::valueOf);
  }

  /** A scalar as text that must be there. */
  public String required(String key) {
    return text(key)
        .orElseThrow(() -> new InvalidSettingsException("%s needs %s".formatted(where, key)));
  }

  /** A mapping, if it is there. */
  public Optional<YamlSection> section(String key, Set<String> allowed) {
    return Optional.ofNullable(values.get(key))
        .map(value -> of(key + " of " + where, value, allowed));
  }

  /** Whatever YAML makes of it. */
  public Object value(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new InvalidSettingsException("%s needs %s".formatted(where, key));
    }
    return value;
  }

  /** A mapping with keys of the user's own. */
  public Map<String, String> texts(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new InvalidSettingsException("%s in %s must be a mapping".formatted(key, where));
    }
    Map<String, String> texts = new LinkedHashMap<>();
    map.forEach(
        (name, text) -> texts.put(String.valueOf(name), text == null ? "" : text.toString()));
    return texts;
  }

  /** A list, empty if it is not there; what is null in it is an empty text. */
  public List<Object> list(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw new InvalidSettingsException("%s in %s must be a list".formatted(key, where));
    }
    return list.stream().map(entry -> entry == null ? "" : (Object) entry).toList();
  }
}
