package dev.weir.streams.overrides;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of a tenant's settings: some fields or all, in the form that Tempo gives them.
 * Every value has been validated by itself. Immutable.
 */
public final class Overrides {
  /** Says nothing. */
  public static final Overrides NONE = new Overrides(new EnumMap<>(Field.class));

  private static final String ROOT = "metrics_generator";

  private static final List<String> SECTIONS =
      List.of(
          "processor", "processor.service_graphs", "processor.span_metrics", "processor.host_info");

  private static final Map<String, Field> BY_PATH = byPath();

  private final Map<Field, Object> values;

  private Overrides(EnumMap<Field, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** Of these values, which must be what {@link Field#read} makes. */
  static Overrides of(Map<Field, Object> values) {
    return values.isEmpty() ? NONE : new Overrides(new EnumMap<>(values));
  }

  /**
   * Reads an object that has {@code metrics_generator} in it, or nothing. A field that is null is
   * as one that is not there.
   *
   * @throws UnknownFieldException if there is a field that is not known
   * @throws IllegalArgumentException if a value cannot be used; the message names field and rule
   */
  public static Overrides read(Map<?, ?> form) {
    EnumMap<Field, Object> values = new EnumMap<>(Field.class);
    for (Map.Entry<?, ?> entry : form.entrySet()) {
      if (!ROOT.equals(entry.getKey())) {
        throw new UnknownFieldException(String.valueOf(entry.getKey()));
      }
      readSection("", entry.getValue(), values);
    }
    return of(values);
  }

  private static void readSection(String prefix, @Nullable Object form, Map<Field, Object> values) {
    if (form == null) {
      return;
    }
    if (!(form instanceof Map<?, ?> section)) {
      throw new IllegalArgumentException(
          "%s must be an object".formatted(prefix.isEmpty() ? ROOT : ROOT + '.' + prefix));
    }
    for (Map.Entry<?, ?> entry : section.entrySet()) {
      String name = String.valueOf(entry.getKey());
      String path = prefix.isEmpty() ? name : prefix + '.' + name;
      Field field = BY_PATH.get(path);
      if (field == null && SECTIONS.contains(path)) {
        readSection(path, entry.getValue(), values);
      } else if (field == null) {
        throw new UnknownFieldException(name);
      } else if (entry.getValue() != null) {
        values.put(field, field.read(entry.getValue()));
      }
    }
  }

  private static Map<String, Field> byPath() {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Field field : Field.values()) {
      fields.put(field.path(), field);
    }
    return Map.copyOf(fields);
  }

  /** What {@link #read} reads; sections that say nothing are there and empty, as Tempo has it. */
  public Map<String, Object> write() {
    Map<String, Object> generator = new LinkedHashMap<>();
    Map<String, Object> processor = new LinkedHashMap<>();
    Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
    sections.put("", generator);
    SECTIONS.stream().skip(1).forEach(path -> sections.put(path, new LinkedHashMap<>()));
    values.forEach(
        (field, value) -> {
          int dot = field.path().lastIndexOf('.');
          String section = dot < 0 ? "" : field.path().substring(0, dot);
          sections
              .getOrDefault(section, generator)
              .put(field.path().substring(dot + 1), field.write(value));
        });
    sections.forEach(
        (path, section) -> {
          if (!path.isEmpty()) {
            processor.put(path.substring("processor.".length()), section);
          }
        });
    generator.put("processor", processor);
    return new LinkedHashMap<>(Map.of(ROOT, generator));
  }

  /** These, and where they say nothing, others. */
  Overrides over(Overrides lower) {
    EnumMap<Field, Object> merged = new EnumMap<>(Field.class);
    merged.putAll(lower.values);
    values.forEach(
        (field, value) -> merged.merge(field, value, (low, high) -> field.over(high, low)));
    return of(merged);
  }

  /** What these say of some fields. */
  Overrides only(Set<Field> fields) {
    EnumMap<Field, Object> some = new EnumMap<>(Field.class);
    some.putAll(values);
    some.keySet().retainAll(fields);
    return of(some);
  }

  boolean says(Field field) {
    return values.containsKey(field);
  }

  /** The value of a field that is there. */
  private Object value(Field field) {
    Object value = values.get(field);
    if (value == null) {
      throw new IllegalStateException(field.path() + " is missing");
    }
    return value;
  }

  boolean flag(Field field) {
    return (Boolean) value(field);
  }

  String text(Field field) {
    return (String) value(field);
  }

  double decimal(Field field) {
    return (Double) value(field);
  }

  Duration duration(Field field) {
    return (Duration) value(field);
  }

  long number(Field field) {
    return (Long) value(field);
  }

  /** A list, of the type that {@link Field#read} makes. */
  @SuppressWarnings("unchecked") // the field decides
  <T> List<T> list(Field field) {
    return (List<T>) value(field);
  }

  @SuppressWarnings("unchecked") // the field decides
  Map<String, Boolean> flags(Field field) {
    return (Map<String, Boolean>) value(field);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Overrides overrides && values.equals(overrides.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return write().toString();
  }
}
