package dev.weir.streams.drain;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.nio.charset.StandardCharsets;
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
 * <p>Layout (version 1): version; number of templates; for each, in the order of their texts, the
 * number of tokens and the tokens behind their lengths, of which length 0 stands for a parameter.
 * Numbers are {@code uvarint}s.
 */
public final class SpanNameTemplates {
  /** No templates: every name stays what it is. */
  public static final SpanNameTemplates NONE = of(List.of());

  private static final int VERSION = 1;
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

  /** The templates as texts, in order. */
  public List<String> texts() {
    return templates.stream().map(Tokens::join).toList();
  }

  /** The layout above. */
  public byte[] write() {
    ByteWriter writer = new ByteWriter(1024).u8(VERSION).uvarint(templates.size());
    for (List<String> template : templates) {
      writer.uvarint(template.size());
      for (String token : template) {
        String written = token.equals(Tokens.PARAMETER) ? "" : token;
        writer.prefixed(written.getBytes(StandardCharsets.UTF_8));
      }
    }
    return writer.toByteArray();
  }

  /**
   * Reads the layout above.
   *
   * @throws CorruptLayoutException if the version is not known
   */
  public static SpanNameTemplates read(byte[] written) {
    ByteReader reader = new ByteReader().reset(written);
    int version = reader.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "span-name templates of version %d; this program reads version %d"
              .formatted(version, VERSION));
    }
    int count = reader.uvarint31();
    List<List<String>> templates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      templates.add(readTemplate(reader));
    }
    return of(templates);
  }

  private static List<String> readTemplate(ByteReader reader) {
    int count = reader.uvarint31();
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String token = new String(reader.prefixed(), StandardCharsets.UTF_8);
      tokens.add(token.isEmpty() ? Tokens.PARAMETER : token);
    }
    return List.copyOf(tokens);
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
