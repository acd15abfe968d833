package dev.weir.streams.rewrite;

import dev.weir.streams.drain.NamesLearned;
import java.util.Map;

/**
 * What the learner knows of a tenant, for those who watch. Estimates are 3 % off, and of what was
 * in use within the learner's memory.
 *
 * @param patterns templates, and span names that joined none
 * @param templates that were published
 * @param labelSets how many there would be without templates, about
 * @param templatedLabelSets how many there would be with the published templates applied, about
 * @param values by label, how many values it would have without a limit, about
 * @param names what was done with span names since figures were last taken
 */
public record RewriteFigures(
    long patterns,
    long templates,
    long labelSets,
    long templatedLabelSets,
    Map<String, Long> values,
    NamesLearned names) {
  public RewriteFigures {
    values = Map.copyOf(values);
  }
}
