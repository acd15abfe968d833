package dev.weir.audit.recount;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The labels of a span in span metrics, as far as they could be no text. */
final class LabelRecount {
  private static final Set<String> INTRINSICS =
      Set.of("service", "span_name", "span_kind", "status_code", "status_message");
  private static final Set<String> TARGET = Set.of("job", "instance");
  private static final int LONGEST_CHARACTER = 4;

  private final LabelSettings settings;

  LabelRecount(LabelSettings settings) {
    this.settings = settings;
  }

  /** Whether arrays and maps are JSON. */
  boolean jsonLists() {
    return settings.jsonLists();
  }

  /** Whether the attributes of spans matter. */
  boolean needsAttributesOfSpans() {
    return !settings.dimensions().isEmpty() || !settings.mappings().isEmpty();
  }

  /**
   * Whether all labels are text.
   *
   * @param resource the first value of each key
   * @param span likewise
   */
  boolean areText(
      Map<String, ByteString> resource,
      Map<String, ByteString> span,
      ByteString name,
      ByteString statusMessage) {
    Map<String, ByteString> attributes = new HashMap<>(span);
    resource.forEach(
        (key, value) -> {
          if (settings.emptyHides() || !value.isEmpty()) {
            attributes.put(key, value);
          }
        });
    attributes.values().removeIf(value -> !settings.emptyHides() && value.isEmpty());
    Map<String, ByteString> labels = new HashMap<>();
    labels.put("service", resource.getOrDefault("service.name", ByteString.EMPTY));
    labels.put("span_name", name);
    labels.put("status_message", statusMessage);
    labels.keySet().retainAll(settings.intrinsics());
    for (String key : settings.dimensions()) {
      if (attributes.containsKey(key) || settings.lastDimensionDecides()) {
        labels.put(label(key), attributes.getOrDefault(key, ByteString.EMPTY));
      }
    }
    settings
        .mappings()
        .forEach(mapping -> labels.put(label(mapping.name()), joined(mapping, attributes)));
    if (settings.target()) {
      putTarget(labels, resource);
    }
    labels.keySet().removeAll(settings.overwritten());
    return labels.values().stream().allMatch(this::isText);
  }

  private static ByteString joined(
      LabelSettings.Mapping mapping, Map<String, ByteString> attributes) {
    List<ByteString> values =
        mapping.sources().stream()
            .map(key -> attributes.getOrDefault(key, ByteString.EMPTY))
            .filter(value -> !value.isEmpty())
            .toList();
    ByteString all = ByteString.EMPTY;
    for (ByteString value : values) {
      all =
          all.isEmpty() ? value : all.concat(ByteString.copyFromUtf8(mapping.join())).concat(value);
    }
    return all;
  }

  private void putTarget(Map<String, ByteString> labels, Map<String, ByteString> resource) {
    ByteString name = resource.getOrDefault("service.name", ByteString.EMPTY);
    ByteString namespace = resource.getOrDefault("service.namespace", ByteString.EMPTY);
    ByteString instance = resource.getOrDefault("service.instance.id", ByteString.EMPTY);
    if (!name.isEmpty()) {
      labels.put(
          "job",
          namespace.isEmpty() ? name : namespace.concat(ByteString.copyFromUtf8("/")).concat(name));
    }
    if (settings.instance() && !instance.isEmpty()) {
      labels.put("instance", instance);
    }
  }

  private String label(String key) {
    String label =
        key.codePoints()
            .collect(StringBuilder::new, LabelRecount::append, StringBuilder::append)
            .toString();
    boolean isOfTarget =
        settings.target() && !settings.lastDimensionDecides() && TARGET.contains(label);
    String name = INTRINSICS.contains(label) || isOfTarget ? "__" + label : label;
    return settings.maxNameBytes() > 0 && name.length() > settings.maxNameBytes()
        ? name.substring(0, settings.maxNameBytes())
        : name;
  }

  private static void append(StringBuilder label, int codePoint) {
    String character = Character.toString(codePoint);
    label.append(character.matches("[a-zA-Z0-9_]") ? character : "_");
  }

  /** A value is cut before it must be text, between characters as far as it has any. */
  private boolean isText(ByteString value) {
    int limit = settings.maxValueBytes();
    if (limit == 0 || value.size() <= limit) {
      return value.isValidUtf8();
    }
    int kept = limit;
    while (kept > 0 && limit - kept < LONGEST_CHARACTER - 1 && isContinuation(value.byteAt(kept))) {
      kept--;
    }
    return value.substring(0, isContinuation(value.byteAt(kept)) ? limit : kept).isValidUtf8();
  }

  private static boolean isContinuation(byte value) {
    return (value & 0xC0) == 0x80;
  }
}
