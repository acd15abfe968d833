package dev.weir.app.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Durations as they are written in settings: a whole number and a unit, {@code 250ms}, {@code 15s},
 * {@code 10m}, {@code 2h}, {@code 7d}.
 */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if {@code text} does not have the form above
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be a whole number and a unit (ms, s, m, h, d), such as 15s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** Accepts durations from {@code atLeast} to {@code atMost}, both inclusive. */
  public static ConfigDef.Validator between(String atLeast, String atMost) {
    Duration low = parse(atLeast);
    Duration high = parse(atMost);
    return ConfigDef.LambdaValidator.with(
        (name, value) -> check(name, String.valueOf(value), low, high),
        () -> "a duration from " + atLeast + " to " + atMost);
  }

  private static void check(String name, String value, Duration low, Duration high) {
    try {
      Duration duration = parse(value);
      if (duration.compareTo(low) < 0 || duration.compareTo(high) > 0) {
        throw new ConfigException(name, value, "must be from " + low + " to " + high);
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name, value, e.getMessage());
    }
  }
}
