package dev.weir.streams.weight;

/**
 * Where the weight of a span stands.
 *
 * @param attribute an attribute that holds the probability with which the span was kept; empty for
 *     none
 * @param traceState whether it is read from the span's tracestate; that goes before the attribute
 * @param ofSize whether the size of a span is multiplied, too
 */
public record WeightSettings(String attribute, boolean traceState, boolean ofSize) {

  /** Each span is one. */
  public static final WeightSettings NONE = new WeightSettings("", false, true);

  /** Whether there are weights at all. */
  public boolean enabled() {
    return traceState || !attribute.isEmpty();
  }
}
