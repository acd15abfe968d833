package dev.weir.streams.filter;

import java.util.List;
import java.util.Optional;

/**
 * A policy as it is written down; at least one of its rules is there.
 *
 * @param include spans must match this rule, and those of all other policies
 * @param includeAny spans that match this rule are in, whatever {@code include} says
 * @param exclude spans that match this rule are out, whatever the others say
 */
public record FilterPolicy(
    Optional<Rule> include, Optional<Rule> includeAny, Optional<Rule> exclude) {

  /**
   * What a span has to be like; all conditions must hold.
   *
   * @param matchType {@code strict} or {@code regex}
   */
  public record Rule(String matchType, List<Attribute> attributes) {
    public Rule {
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * A condition.
   *
   * @param key {@code kind}, {@code name}, {@code status}, {@code resource.…} or {@code span.…}
   * @param value a string, an integer, a decimal or a truth value
   */
  public record Attribute(String key, Object value) {}

  /**
   * @throws IllegalArgumentException if there is no rule
   */
  public FilterPolicy {
    if (include.isEmpty() && includeAny.isEmpty() && exclude.isEmpty()) {
      throw new IllegalArgumentException(
          "policies must have at least an `include`, `includeAny` or `exclude`");
    }
  }
}
