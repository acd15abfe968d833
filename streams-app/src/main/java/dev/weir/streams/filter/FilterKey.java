package dev.weir.streams.filter;

import java.util.Optional;
import java.util.Set;

/**
 * What a condition looks at: an intrinsic property of the span, or an attribute of the resource or
 * the span, in TraceQL's notation.
 */
record FilterKey(Scope scope, String name) {
  enum Scope {
    INTRINSIC,
    RESOURCE,
    SPAN
  }

  private static final Set<String> INTRINSICS = Set.of("kind", "name", "status");
  private static final String PARENT = "parent.";
  private static final String RESOURCE = "resource.";
  private static final String SPAN = "span.";
  private static final String INTRINSIC_SCOPE = "span:";

  /**
   * @throws IllegalArgumentException if a span cannot be asked for it
   */
  static FilterKey parse(String text) {
    return attribute(text.startsWith(PARENT) ? text.substring(PARENT.length()) : text)
        .orElseGet(() -> intrinsic(text));
  }

  private static Optional<FilterKey> attribute(String text) {
    if (text.startsWith(RESOURCE)) {
      return Optional.of(new FilterKey(Scope.RESOURCE, unquoted(text, RESOURCE.length())));
    }
    return text.startsWith(SPAN)
        ? Optional.of(new FilterKey(Scope.SPAN, unquoted(text, SPAN.length())))
        : Optional.empty();
  }

  private static FilterKey intrinsic(String text) {
    if (text.indexOf('.') >= 0) {
      throw new IllegalArgumentException("invalid or unsupported attribute scope: " + text);
    }
    String name =
        text.startsWith(INTRINSIC_SCOPE) ? text.substring(INTRINSIC_SCOPE.length()) : text;
    if (!INTRINSICS.contains(name)) {
      throw new IllegalArgumentException("unsupported intrinsic: " + text);
    }
    return new FilterKey(Scope.INTRINSIC, name);
  }

  /** Quotes may be around any part; in them, a backslash takes the next character as it is. */
  private static String unquoted(String text, int from) {
    StringBuilder name = new StringBuilder(text.length());
    boolean isQuoted = false;
    for (int i = from; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next == '"') {
        isQuoted = !isQuoted;
      } else if (isQuoted && next == '\\' && i + 1 < text.length()) {
        name.append(text.charAt(++i));
      } else {
        name.append(next);
      }
    }
    if (isQuoted || name.isEmpty()) {
      throw new IllegalArgumentException("invalid attribute key: " + text);
    }
    return name.toString();
  }
}
