package dev.weir.streams.drain;

import java.util.ArrayList;
import java.util.List;

/** How a span name falls into tokens, and which tokens look like data. */
final class Tokens {
  /** What stands in a template where names differ. */
  static final String PARAMETER = "<_>";

  /** The last token of every name. */
  static final String END = "<END>";

  /** So many tokens a name must have to take part. */
  static final int FEWEST = 3;

  /** So many it may have. */
  static final int MOST = 80;

  private static final int ESCAPE_LENGTH = 3;

  /** White space to Unicode, but not to {@link Character}. */
  private static final int NEXT_LINE = 0x85;

  private Tokens() {}

  /**
   * The tokens of a name, {@link #END} included: an escape such as {@code %3D}; white space; a run
   * of hexadecimal digits, with further letters and digits, or, if a hyphen follows, with further
   * hexadecimal digits and hyphens; a run of letters and digits; any other character.
   */
  static List<String> of(String name) {
    List<String> tokens = new ArrayList<>();
    for (int start = 0; start < name.length(); ) {
      int end = endOfToken(name, start);
      tokens.add(name.substring(start, end));
      start = end;
    }
    tokens.add(END);
    return tokens;
  }

  /** Whether a name of so many tokens takes part at all. */
  static boolean isWithinLimits(List<String> tokens) {
    return tokens.size() >= FEWEST && tokens.size() <= MOST;
  }

  /** The name again. */
  static String join(List<String> tokens) {
    return String.join("", tokens.subList(0, tokens.size() - 1));
  }

  private static int endOfToken(String name, int start) {
    int first = name.codePointAt(start);
    if (isEscape(name, start)) {
      return start + ESCAPE_LENGTH;
    }
    if (isSpace(first)) {
      return endOf(name, start, Tokens::isSpace);
    }
    if (isHex(first)) {
      int end = endOf(name, start, Tokens::isHex);
      boolean hyphen = end < name.length() && name.charAt(end) == '-';
      return hyphen
          ? endOf(name, end, character -> isHex(character) || character == '-')
          : endOf(name, end, Tokens::isAlphanumeric);
    }
    return isAlphanumeric(first)
        ? endOf(name, start, Tokens::isAlphanumeric)
        : start + Character.charCount(first);
  }

  private static boolean isEscape(String name, int start) {
    return name.charAt(start) == '%'
        && start + ESCAPE_LENGTH <= name.length()
        && isHex(name.charAt(start + 1))
        && isHex(name.charAt(start + 2));
  }

  private static int endOf(String name, int start, CharacterKind kind) {
    int end = start;
    while (end < name.length() && kind.has(name.codePointAt(end))) {
      end += Character.charCount(name.codePointAt(end));
    }
    return end;
  }

  /**
   * Whether a token looks like data: hexadecimal digits and punctuation with at least one number,
   * or more numbers than a quarter of its bytes in UTF-8, and more than one.
   */
  static boolean looksLikeData(String token) {
    int numbers = 0;
    int bytes = 0;
    boolean hexOnly = true;
    for (int i = 0; i < token.length(); ) {
      int character = token.codePointAt(i);
      i += Character.charCount(character);
      bytes += utf8Length(character);
      numbers += isNumber(character) ? 1 : 0;
      hexOnly &= isHex(character) || isPunctuation(character);
    }
    return (hexOnly && numbers > 0) || numbers > Math.max(bytes / 4, 1);
  }

  private static int utf8Length(int character) {
    if (character < 0x80) {
      return 1;
    }
    return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  }

  private static boolean isHex(int character) {
    return (character >= '0' && character <= '9')
        || (character >= 'a' && character <= 'f')
        || (character >= 'A' && character <= 'F');
  }

  private static boolean isAlphanumeric(int character) {
    return Character.isLetter(character) || Character.isDigit(character);
  }

  private static boolean isSpace(int character) {
    return Character.isSpaceChar(character)
        || (character >= '\t' && character <= '\r')
        || character == NEXT_LINE;
  }

  private static boolean isNumber(int character) {
    return switch (Character.getType(character)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static boolean isPunctuation(int character) {
    return switch (Character.getType(character)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** A kind of characters. */
  @FunctionalInterface
  private interface CharacterKind {
    boolean has(int character);
  }
}
