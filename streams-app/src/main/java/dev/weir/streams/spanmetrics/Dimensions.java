package dev.weir.streams.spanmetrics;

import dev.weir.streams.series.LabelNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * By what spans are told apart.
 *
 * @param intrinsics labels that are no attributes
 * @param attributes keys of attributes, each of which is a label; of two that are called the same
 *     as labels the later one that a span has decides
 * @param mappings labels made of several attributes
 */
public record Dimensions(
    Set<Intrinsic> intrinsics, List<String> attributes, List<DimensionMapping> mappings) {

  /** Tempo's own. */
  public static final Dimensions DEFAULT =
      new Dimensions(
          Set.of(
              Intrinsic.SERVICE, Intrinsic.SPAN_NAME, Intrinsic.SPAN_KIND, Intrinsic.STATUS_CODE),
          List.of(),
          List.of());

  private static final Set<String> RESERVED = Set.of("", "le", "__name__");

  /**
   * @throws IllegalArgumentException if a label is one that metrics need for themselves, or if a
   *     mapping is called as another label is
   */
  public Dimensions {
    intrinsics = Set.copyOf(intrinsics);
    attributes = List.copyOf(attributes);
    mappings = List.copyOf(mappings);
    requireDistinctMappings(attributes, mappings);
  }

  private static void requireDistinctMappings(
      List<String> attributes, List<DimensionMapping> mappings) {
    Map<String, String> taken = new HashMap<>();
    for (String attribute : attributes) {
      taken.put(requireUsable(attribute), "dimension \"%s\"".formatted(attribute));
    }
    for (DimensionMapping mapping : mappings) {
      String label = requireUsable(mapping.name());
      String other = taken.put(label, "dimension_mapping \"%s\"".formatted(mapping.name()));
      if (other != null) {
        throw new IllegalArgumentException(
            "dimension_mapping \"%s\" produces label \"%s\" which collides with %s"
                .formatted(mapping.name(), label, other));
      }
    }
  }

  private static String requireUsable(String key) {
    String label = label(key);
    if (RESERVED.contains(label)) {
      throw new IllegalArgumentException(
          "dimension \"%s\" produces label \"%s\", which cannot be used".formatted(key, label));
    }
    return label;
  }

  /** What an attribute's key is called as a label beside the intrinsic ones. */
  static String label(String key) {
    String sanitized = LabelNames.sanitized(key);
    return Intrinsic.isNamed(sanitized) ? "__" + sanitized : sanitized;
  }
}
