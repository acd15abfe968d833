package dev.weir.streams.drain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of templates of span names, to be applied without learning. A name becomes the template
 * that it fits: as many tokens, and equal ones wherever the template has no parameter; of several,
 * the one with the fewest parameters, then the first by text. So the outcome depends on the set and
 * the name alone, and a template's text stays what it is. Immutable; a set is equal to one with the
 * same templates.
 *
 * <p>Its form, made of what JSON has, is a list with a list of tokens for each template, in the
 * order of their texts; null stands for a parameter.
 */
public final class SpanNameTemplates {
  /** No templates: every name stays what it is. */
  public static final SpanNameTemplates NONE = of(List.of());

  private static final Comparator<List<String>> SPECIFIC_FIRST =
      Comparator.<List<String>>comparingLong(
              tokens -> tokens.stream().filter(Tokens.PARAMETER::equals).count())
          .thenComparing(Tokens::join);

  private final List<List<String>> templates;
  private final Set<String> texts;
  private final Map<Integer, Node> byLength = new HashMap<>();

  private SpanNameTemplates(List<List<String>> templates) {
    this.templates = templates;
    this.texts = templates.stream().map(Tokens::join).collect(Collectors.toUnmodifiableSet());
    templates.forEach(this::index);
  }

  /** The set of some templates, each a list of tokens. */
  static SpanNameTemplates of(Collection<List<String>> templates) {
    Set<List<String>> sorted =
        new TreeSet<>(
            Comparator.<List<String>, String>comparing(Tokens::join).thenComparing(List::toString));
    sorted.addAll(templates);
    return new SpanNameTemplates(List.copyOf(sorted));
  }

  private void index(List<String> template) {
    Node node = byLength.computeIfAbsent(template.size(), length -> new Node());
    for (String token : template) {
      node = node.children.computeIfAbsent(token, key -> new Node());
    }
    node.template = template;
  }

  /** The template that a name fits, as text; the name if there is none. */
  public String apply(String name) {
    if (templates.isEmpty() || texts.contains(name)) {
      return name;
    }
    List<String> tokens = Tokens.of(name);
    Node root = byLength.get(tokens.size());
    List<String> best = root == null ? null : root.best(tokens, 0);
    return best == null ? name : Tokens.join(best);
  }

  /**
   * Whether a learner could make something of a name: it has neither too few nor too many tokens,
   * and fits no template.
   */
  public boolean isUnknown(String name) {
    return !texts.contains(name)
        && Tokens.isWithinLimits(Tokens.of(name))
        && apply(name).equals(name);
  }

  /** The templates as tokens, in the order of their texts. */
  List<List<String>> templates() {
    return templates;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return templates.isEmpty();
  }

  /** The templates as texts, in order. */
  public List<String> texts() {
    return templates.stream().map(Tokens::join).toList();
  }

  /** Those that another set does not have. */
  public SpanNameTemplates minus(SpanNameTemplates others) {
    Set<List<String>> theirs = Set.copyOf(others.templates);
    return of(templates.stream().filter(tokens -> !theirs.contains(tokens)).toList());
  }

  /** These and those of another set. */
  public SpanNameTemplates plus(SpanNameTemplates others) {
    List<List<String>> all = new ArrayList<>(templates);
    all.addAll(others.templates);
    return of(all);
  }

  /** The first ones, as long as their tokens have no more characters than that together. */
  public SpanNameTemplates within(int mostCharacters) {
    int characters = 0;
    int count = 0;
    while (count < templates.size() && characters <= mostCharacters) {
      characters += characters(templates.get(count));
      count += characters <= mostCharacters ? 1 : 0;
    }
    return count == templates.size() ? this : of(templates.subList(0, count));
  }

  /** How many characters their tokens have together, what JSON needs between them included. */
  public int characters() {
    return templates.stream().mapToInt(SpanNameTemplates::characters).sum();
  }

  private static int characters(List<String> tokens) {
    return tokens.stream().mapToInt(token -> token.length() + 3).sum();
  }

  /** The form above. */
  public List<List<@Nullable String>> write() {
    List<List<@Nullable String>> form = new ArrayList<>();
    for (List<String> template : templates) {
      List<@Nullable String> tokens = new ArrayList<>();
      for (String token : template.subList(0, template.size() - 1)) {
        tokens.add(token.equals(Tokens.PARAMETER) ? null : token);
      }
      form.add(tokens);
    }
    return form;
  }

  /**
   * Reads the form above.
   *
   * @throws ClassCastException if it is none
   */
  public static SpanNameTemplates read(List<?> form) {
    List<List<String>> templates = new ArrayList<>();
    for (Object template : form) {
      List<String> tokens = new ArrayList<>();
      for (Object token : (List<?>) template) {
        tokens.add(token == null ? Tokens.PARAMETER : (String) token);
      }
      tokens.add(Tokens.END);
      templates.add(List.copyOf(tokens));
    }
    return of(templates);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpanNameTemplates set && templates.equals(set.templates);
  }

  @Override
  public int hashCode() {
    return templates.hashCode();
  }

  @Override
  public String toString() {
    return texts().toString();
  }

  /** A place in the tree of templates of the same length. */
  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private @Nullable List<String> template;

    @Nullable List<String> best(List<String> tokens, int position) {
      if (position == tokens.size()) {
        return template;
      }
      Node exact = children.get(tokens.get(position));
      Node parameter = children.get(Tokens.PARAMETER);
      List<String> one = exact == null ? null : exact.best(tokens, position + 1);
      List<String> other = parameter == null ? null : parameter.best(tokens, position + 1);
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return SPECIFIC_FIRST.compare(one, other) <= 0 ? one : other;
    }
  }
}
