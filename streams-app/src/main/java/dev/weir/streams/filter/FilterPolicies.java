package dev.weir.streams.filter;

import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.filter.FilterPolicy.Rule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All policies of a processor together. Immutable, thread-safe; {@link SpanFilter} asks them.
 *
 * <p>A span that matches an {@code exclude} is out. Of the others, one that matches an {@code
 * include_any} is in. Of the others, one is in if it matches every {@code include}, of which there
 * is one at least, or if there are neither of these.
 */
public final class FilterPolicies {
  /** Lets every span pass. */
  public static final FilterPolicies NONE = of(List.of());

  private final List<FilterPolicy> policies;
  private final List<List<Condition>> includes;
  private final List<List<Condition>> includeAnys;
  private final List<List<Condition>> excludes;
  private final AttributeKeys resourceKeys;
  private final AttributeKeys spanKeys;

  private FilterPolicies(List<FilterPolicy> policies, Conditions conditions) {
    this.policies = List.copyOf(policies);
    this.includes = rules(policies, FilterPolicy::include, conditions);
    this.includeAnys = rules(policies, FilterPolicy::includeAny, conditions);
    this.excludes = rules(policies, FilterPolicy::exclude, conditions);
    this.resourceKeys = conditions.resourceKeys();
    this.spanKeys = conditions.spanKeys();
  }

  private static List<List<Condition>> rules(
      List<FilterPolicy> policies,
      Function<FilterPolicy, Optional<Rule>> rule,
      Conditions conditions) {
    return policies.stream().map(rule).flatMap(Optional::stream).map(conditions::of).toList();
  }

  /**
   * Puts policies together.
   *
   * @throws IllegalArgumentException if one cannot be used; the message says why
   */
  public static FilterPolicies of(List<FilterPolicy> policies) {
    return new FilterPolicies(policies, new Conditions());
  }

  /** The policies as they were written down. */
  public List<FilterPolicy> policies() {
    return policies;
  }

  /** Whether every span passes. */
  public boolean isEmpty() {
    return includes.isEmpty() && includeAnys.isEmpty() && excludes.isEmpty();
  }

  AttributeKeys resourceKeys() {
    return resourceKeys;
  }

  AttributeKeys spanKeys() {
    return spanKeys;
  }

  boolean accepts(SpanView span, FoundAttributes found) throws MalformedOtlpException {
    if (matchesAny(excludes, span, found)) {
      return false;
    }
    if (matchesAny(includeAnys, span, found)) {
      return true;
    }
    return includes.isEmpty() ? includeAnys.isEmpty() : matchesAll(span, found);
  }

  private static boolean matchesAny(
      List<List<Condition>> rules, SpanView span, FoundAttributes found)
      throws MalformedOtlpException {
    for (List<Condition> rule : rules) {
      if (matches(rule, span, found)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesAll(SpanView span, FoundAttributes found) throws MalformedOtlpException {
    for (List<Condition> rule : includes) {
      if (!matches(rule, span, found)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(List<Condition> rule, SpanView span, FoundAttributes found)
      throws MalformedOtlpException {
    for (Condition condition : rule) {
      if (!condition.holds(span, found)) {
        return false;
      }
    }
    return true;
  }
}
