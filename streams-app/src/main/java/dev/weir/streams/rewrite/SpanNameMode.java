package dev.weir.streams.rewrite;

import java.util.Arrays;
import java.util.List;

/** What becomes of span names. */
public enum SpanNameMode {
  /** Nothing: nobody learns from them, either. */
  OFF(""),

  /** Templates are learned and counted, but names stay what they are. */
  DRY_RUN("dry_run"),

  /** Names become the templates that they fit. */
  ENABLED("enabled");

  private final String label;

  SpanNameMode(String label) {
    this.label = label;
  }

  /** What it is called in settings. */
  public String label() {
    return label;
  }

  /** What modes are called in settings. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(SpanNameMode::label).toList();
  }

  /**
   * The mode that is called that in settings.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static SpanNameMode named(String label) {
    return Arrays.stream(values())
        .filter(mode -> mode.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be \"\", \"dry_run\" or \"enabled\", not \"%s\"".formatted(label)));
  }
}
