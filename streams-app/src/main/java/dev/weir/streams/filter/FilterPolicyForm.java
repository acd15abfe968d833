package dev.weir.streams.filter;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Policies as Tempo writes them down: lists, maps and single values, of YAML or of JSON. */
public final class FilterPolicyForm {
  private static final String INCLUDE = "include";
  private static final String INCLUDE_ANY = "include_any";
  private static final String EXCLUDE = "exclude";
  private static final String MATCH_TYPE = "match_type";
  private static final String ATTRIBUTES = "attributes";
  private static final String KEY = "key";
  private static final String VALUE = "value";

  private FilterPolicyForm() {}

  /**
   * Reads policies.
   *
   * @throws InvalidSettingsException if there is a key that is not known, or one is missing
   * @throws IllegalArgumentException if a policy has no rule
   */
  public static List<FilterPolicy> read(List<?> policies) {
    return policies.stream().map(FilterPolicyForm::policy).toList();
  }

  private static FilterPolicy policy(Object form) {
    YamlSection policy =
        YamlSection.of("a policy of filter_policies", form, Set.of(INCLUDE, INCLUDE_ANY, EXCLUDE));
    return new FilterPolicy(
        rule(policy, INCLUDE), rule(policy, INCLUDE_ANY), rule(policy, EXCLUDE));
  }

  private static Optional<FilterPolicy.Rule> rule(YamlSection policy, String name) {
    return policy
        .section(name, Set.of(MATCH_TYPE, ATTRIBUTES))
        .map(
            rule ->
                new FilterPolicy.Rule(
                    rule.text(MATCH_TYPE).orElse(""),
                    rule.list(ATTRIBUTES).stream().map(FilterPolicyForm::attribute).toList()));
  }

  private static FilterPolicy.Attribute attribute(Object form) {
    YamlSection attribute = YamlSection.of("an attribute of a rule", form, Set.of(KEY, VALUE));
    return new FilterPolicy.Attribute(attribute.required(KEY), attribute.value(VALUE));
  }

  /** Writes policies so that {@link #read} gives them back. */
  public static List<Object> write(List<FilterPolicy> policies) {
    return policies.stream().map(FilterPolicyForm::write).toList();
  }

  private static Object write(FilterPolicy policy) {
    Map<String, Object> form = new LinkedHashMap<>();
    policy.include().ifPresent(rule -> form.put(INCLUDE, write(rule)));
    policy.includeAny().ifPresent(rule -> form.put(INCLUDE_ANY, write(rule)));
    policy.exclude().ifPresent(rule -> form.put(EXCLUDE, write(rule)));
    return form;
  }

  private static Object write(FilterPolicy.Rule rule) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put(MATCH_TYPE, rule.matchType());
    form.put(ATTRIBUTES, rule.attributes().stream().map(FilterPolicyForm::write).toList());
    return form;
  }

  private static Object write(FilterPolicy.Attribute attribute) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put(KEY, attribute.key());
    form.put(VALUE, attribute.value());
    return form;
  }
}
