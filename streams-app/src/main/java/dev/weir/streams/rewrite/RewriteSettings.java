package dev.weir.streams.rewrite;

/**
 * What a tenant wants to be rewritten.
 *
 * @param spanNames what becomes of span names
 * @param maxValuesPerLabel most values of a label, from 0 (no limit) to {@value
 *     #LARGEST_MAX_VALUES}, since a version holds 8 bytes for each
 */
public record RewriteSettings(SpanNameMode spanNames, int maxValuesPerLabel) {
  /** Nothing is rewritten. */
  public static final RewriteSettings NOTHING = new RewriteSettings(SpanNameMode.OFF, 0);

  /** The largest limit. */
  public static final int LARGEST_MAX_VALUES = 50_000;

  public RewriteSettings {
    if (maxValuesPerLabel < 0 || maxValuesPerLabel > LARGEST_MAX_VALUES) {
      throw new IllegalArgumentException(
          "must be a whole number from 0 to %d, not %d"
              .formatted(LARGEST_MAX_VALUES, maxValuesPerLabel));
    }
  }
}
