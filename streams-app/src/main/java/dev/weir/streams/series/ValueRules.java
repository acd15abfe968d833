package dev.weir.streams.series;

/**
 * How attributes become the values of labels.
 *
 * @param jsonLists whether arrays and maps are JSON; if not they are run together, as Tempo does
 * @param emptyHides whether, as in Tempo, an attribute of a resource that is empty hides the span's
 *     own of the same key where it is a dimension, and one that is empty hides another one that
 *     makes the same label; if not it is as if it were not there
 */
public record ValueRules(boolean jsonLists, boolean emptyHides) {

  /** Nothing as Tempo does. */
  public static final ValueRules DEFAULT = new ValueRules(true, false);
}
