package dev.weir.streams.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.schemas.otlp.AnyValueView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whether the value of an attribute is what a condition wants. */
@FunctionalInterface
interface ValueTest {

  boolean accepts(AnyValueView value);

  /** Equality within the type of {@code wanted}. */
  static ValueTest equalTo(Object wanted) {
    if (wanted instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return value -> equals(bytes, value.buffer(), value.stringOffset(), value.stringLength());
    }
    if (wanted instanceof Boolean bool) {
      return value -> value.bool() == bool;
    }
    if (wanted instanceof Integer || wanted instanceof Long) {
      long integer = ((Number) wanted).longValue();
      return value -> value.integer() == integer;
    }
    if (wanted instanceof Double decimal) {
      return value -> value.decimal() == decimal;
    }
    throw new IllegalArgumentException("value type not supported: " + typeOf(wanted));
  }

  /** A search in the value, if it is a string; in an empty one, if it is not. */
  static ValueTest matching(Pattern pattern) {
    return value -> finds(pattern, value.buffer(), value.stringOffset(), value.stringLength());
  }

  static boolean equals(byte[] wanted, byte[] buffer, int offset, int length) {
    return Arrays.equals(wanted, 0, wanted.length, buffer, offset, offset + length);
  }

  /** In a string, since in bytes RE2/J lets {@code ^} match behind what is not ASCII. */
  static boolean finds(Pattern pattern, byte[] buffer, int offset, int length) {
    return pattern.matcher(new String(buffer, offset, length, StandardCharsets.UTF_8)).find();
  }

  /**
   * @param what begins the message
   * @throws IllegalArgumentException if it is no regular expression
   */
  static Pattern compile(Object regex, String what) {
    if (!(regex instanceof String text)) {
      throw new IllegalArgumentException("value type not supported: " + typeOf(regex));
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(what + e.getMessage(), e);
    }
  }

  private static String typeOf(Object value) {
    return value.getClass().getSimpleName();
  }
}
