package dev.weir.streams.outbox;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Labels that every series gets after all others, and instead of its own of the same name.
 *
 * @param fixed values by name, none of them empty
 * @param tenantLabel name of the label whose value is the tenant's id; empty if there is none
 */
public record ExternalLabels(Map<String, String> fixed, String tenantLabel) {
  /** No such labels. */
  public static final ExternalLabels NONE = new ExternalLabels(Map.of(), "");

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Set<String> RESERVED = Set.of("__name__", "le");

  /**
   * @throws IllegalArgumentException if a name cannot be used or a value is empty
   */
  public ExternalLabels {
    fixed = Map.copyOf(fixed);
    fixed.forEach(ExternalLabels::requireUsable);
    if (!tenantLabel.isEmpty()) {
      requireUsable(tenantLabel, tenantLabel);
    }
  }

  private static void requireUsable(String name, String value) {
    if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw new IllegalArgumentException("\"%s\" cannot be the name of a label".formatted(name));
    }
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the label \"%s\" has no value".formatted(name));
    }
  }

  /** The names of all these labels. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(fixed.keySet());
    if (!tenantLabel.isEmpty()) {
      names.add(tenantLabel);
    }
    return names;
  }

  /** The labels that a tenant's series get, by name; its id wins over a fixed value. */
  SortedMap<String, String> of(String tenant) {
    SortedMap<String, String> labels = new TreeMap<>(fixed);
    if (!tenantLabel.isEmpty()) {
      labels.put(tenantLabel, tenant);
    }
    return labels;
  }
}
