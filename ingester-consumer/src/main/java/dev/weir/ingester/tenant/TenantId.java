package dev.weir.ingester.tenant;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tenant's id: 1 to 150 ASCII letters, digits and {@code ! - _ . * ' ( )}, but neither {@code .}
 * nor {@code ..}; so it is safe as the name of a directory.
 *
 * @param value the id
 */
public record TenantId(String value) {
  /** The rule in words, for messages. */
  public static final String RULE =
      "must be 1 to 150 ASCII letters, digits and ! - _ . * ' ( ), and not . or ..";

  private static final Pattern ALLOWED =
      Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9!\\-_.*'()]{1,150}");

  public TenantId {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException("tenant id '" + value + "' " + RULE);
    }
  }

  /** The tenant called {@code text}, or nothing if no tenant can be called so. */
  public static Optional<TenantId> parse(String text) {
    return ALLOWED.matcher(text).matches() ? Optional.of(new TenantId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
