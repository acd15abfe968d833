package dev.weir.ingester.backend;

import java.util.regex.Pattern;

/**
 * An object's key: names separated by {@code /}, each of ASCII letters, digits and {@code ! - _ . *
 * ' ( )} and neither {@code .} nor {@code ..}.
 *
 * @param value the key
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
  private static final String NAME = "(?!\\.{1,2}(/|$))[A-Za-z0-9!\\-_.*'()]{1,200}";
  private static final Pattern ALLOWED = Pattern.compile(NAME + "(/" + NAME + ")*");

  public ObjectKey {
    if (!isKey(value)) {
      throw new IllegalArgumentException(
          "object key '%s' must match %s".formatted(value, ALLOWED.pattern()));
    }
  }

  /** Whether {@code text} can be a key. */
  public static boolean isKey(String text) {
    return ALLOWED.matcher(text).matches();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
