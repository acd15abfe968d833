package dev.weir.streams.series;

import java.util.regex.Pattern;

/**
 * The label of exemplars that holds the trace id.
 *
 * @param name a letter or an underscore, then up to 63 of letters, digits and underscores
 */
public record TraceIdLabel(String name) {

  /** The label of exemplars that holds the span id. */
  public static final String SPAN_ID = "span_id";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,63}");

  /** Tempo's. */
  public static final TraceIdLabel DEFAULT = new TraceIdLabel("traceID");

  /**
   * @throws IllegalArgumentException if it is no name, or that of the span id
   */
  public TraceIdLabel {
    if (!NAME.matcher(name).matches() || name.equals(SPAN_ID)) {
      throw new IllegalArgumentException(
          "must be the name of a label of at most 64 characters, other than " + SPAN_ID);
    }
  }
}
