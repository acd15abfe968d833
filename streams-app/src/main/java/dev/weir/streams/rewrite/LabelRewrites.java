package dev.weir.streams.rewrite;

import dev.weir.streams.drain.SpanNameTemplates;
import java.util.Map;

/**
 * What was learned of one tenant's labels, as it is in force from one version to the next.
 *
 * @param number of the version that brought it; 0 if there was none
 * @param templates of span names
 * @param limited the labels that have too many values, each with those that it keeps
 */
public record LabelRewrites(
    long number, SpanNameTemplates templates, Map<String, AllowedValues> limited) {
  /** What is in force as long as nothing was learned. */
  public static final LabelRewrites NONE = new LabelRewrites(0, SpanNameTemplates.NONE, Map.of());

  public LabelRewrites {
    limited = Map.copyOf(limited);
  }
}
