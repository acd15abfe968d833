package dev.weir.streams.series;

/** What an attribute's key is called as a label. */
public final class LabelNames {
  private LabelNames() {}

  /**
   * Every character that is not an ASCII letter, a digit or an underscore becomes an underscore; a
   * digit in front stays.
   */
  public static String sanitized(String key) {
    StringBuilder name = new StringBuilder(key.length());
    key.codePoints().forEach(c -> name.append(isAllowed(c) ? (char) c : '_'));
    return name.toString();
  }

  private static boolean isAllowed(int c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
