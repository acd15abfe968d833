package dev.weir.streams.spanmetrics;

import java.util.Arrays;
import java.util.List;

/**
 * A label made of several attributes: the values that are there and not empty, joined.
 *
 * @param name its name before it is sanitised
 * @param join what stands between two values
 * @param sources keys of attributes, at least one
 */
public record DimensionMapping(String name, String join, List<String> sources) {
  public DimensionMapping {
    sources = List.copyOf(sources);
  }

  /**
   * Reads {@code name=join:source;source}. The join goes from the first equals sign to the last
   * colon and may be empty.
   *
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static DimensionMapping parse(String text) {
    int equals = text.indexOf('=');
    int colon = text.lastIndexOf(':');
    if (equals < 1 || colon < equals) {
      throw malformed(text);
    }
    List<String> sources =
        Arrays.stream(text.substring(colon + 1).split(";", -1)).map(String::trim).toList();
    if (sources.contains("")) {
      throw malformed(text);
    }
    return new DimensionMapping(
        text.substring(0, equals).trim(), text.substring(equals + 1, colon), sources);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "dimension_mapping \"%s\" is not of the form name=join:source;source".formatted(text));
  }
}
