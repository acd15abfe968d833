package dev.weir.allinone.shadow;

import dev.weir.app.settings.InvalidSettingsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast the log may be read, by all threads together.
 *
 * @param perSecond records, or bytes; 0 is no limit
 * @param countsBytes whether it is bytes
 */
public record Rate(long perSecond, boolean countsBytes) {
  /** As fast as it goes. */
  public static final Rate UNLIMITED = new Rate(0, false);

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,9})(MB)?");
  private static final int MEGABYTE = 1_000_000;

  /**
   * Reads one, such as {@code 5000} (records) or {@code 20MB}; empty is no limit.
   *
   * @throws InvalidSettingsException if it has another form
   */
  public static Rate parse(String key, String text) {
    if (text.isEmpty()) {
      return UNLIMITED;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidSettingsException(
          "%s=%s: must be records per second such as 5000, or bytes such as 20MB"
              .formatted(key, text));
    }
    long amount = Long.parseLong(matcher.group(1));
    return matcher.group(2) == null ? new Rate(amount, false) : new Rate(amount * MEGABYTE, true);
  }

  /** How many records may be taken at once, of {@code atMost}: about a second's worth. */
  int recordsAtOnce(int atMost) {
    return perSecond == 0 || countsBytes ? atMost : (int) Math.min(perSecond, atMost);
  }
}
