package dev.weir.audit.recount;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What labels the streams app was told to give to span metrics, and what they may be.
 *
 * @param intrinsics names of labels that are no attributes
 * @param dimensions keys of attributes
 * @param mappings each as {@code name=join:source;source}
 * @param target whether there are {@code job} and {@code instance}
 * @param instance whether there is {@code instance} among them
 * @param lastDimensionDecides whether a dimension that a span does not have hides another one
 * @param jsonLists whether arrays and maps are JSON
 * @param emptyHides whether an empty attribute hides another one
 * @param overwritten names of labels that every series gets instead of its own
 * @param maxNameBytes longest name; 0 is no limit
 * @param maxValueBytes longest value; 0 is no limit
 */
public record LabelSettings(
    Set<String> intrinsics,
    List<String> dimensions,
    List<Mapping> mappings,
    boolean target,
    boolean instance,
    boolean lastDimensionDecides,
    boolean jsonLists,
    boolean emptyHides,
    Set<String> overwritten,
    int maxNameBytes,
    int maxValueBytes) {

  /** A label of several attributes. */
  public record Mapping(String name, String join, List<String> sources) {
    public Mapping {
      sources = List.copyOf(sources);
    }

    /** Reads {@code name=join:source;source}. */
    public static Mapping parse(String text) {
      String[] named = text.split("=", 2);
      int colon = named.length < 2 ? -1 : named[1].lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(text + " is not of the form name=join:source;source");
      }
      List<String> sources =
          Arrays.stream(named[1].substring(colon + 1).split(";", -1)).map(String::trim).toList();
      return new Mapping(named[0].trim(), named[1].substring(0, colon), sources);
    }
  }

  public LabelSettings {
    intrinsics = Set.copyOf(intrinsics);
    dimensions = List.copyOf(dimensions);
    mappings = List.copyOf(mappings);
    overwritten = Set.copyOf(overwritten);
  }

  /** Those of a streams app that was told nothing. */
  public static LabelSettings plain(int maxValueBytes) {
    return new LabelSettings(
        Set.of("service", "span_name", "span_kind", "status_code"),
        List.of(),
        List.of(),
        false,
        true,
        false,
        true,
        false,
        Set.of(),
        0,
        maxValueBytes);
  }
}
