package dev.weir.streams.drain;

import java.util.Map;
import java.util.function.IntPredicate;

/**
 * What a {@link TemplateLearner} has done for some time.
 *
 * @param namesByTokens how many names had so many tokens, the end that every name has included
 * @param patternsDetected clusters that a name began
 * @param patternsEvicted clusters that gave way since there were too many
 */
public record NamesLearned(
    Map<Integer, Long> namesByTokens, long patternsDetected, long patternsEvicted) {
  public NamesLearned {
    namesByTokens = Map.copyOf(namesByTokens);
  }

  /** Names that take no part since they have too few tokens. */
  public long tooFewTokens() {
    return names(tokens -> tokens < Tokens.FEWEST);
  }

  /** Names that take no part since they have too many. */
  public long tooManyTokens() {
    return names(tokens -> tokens > Tokens.MOST);
  }

  private long names(IntPredicate tokens) {
    return namesByTokens.entrySet().stream()
        .filter(names -> tokens.test(names.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
