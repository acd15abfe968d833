package dev.weir.streams.golden;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of cases, which count from {@link #ZERO}: {@code 15s}, or a sum such as {@code 2s+5ns}. */
final class Times {
  static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");

  private static final Pattern FORM = Pattern.compile("(\\d+)(ns|us|ms|s|m|h)");

  private Times() {}

  static long nanos(String text) {
    long nanos = 0;
    for (String part : text.split("\\+", -1)) {
      Matcher matcher = FORM.matcher(part.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException("'%s' is no time".formatted(text));
      }
      nanos += Long.parseLong(matcher.group(1)) * nanosOf(matcher.group(2));
    }
    return nanos;
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }

  static long unixMillis(String text) {
    return ZERO.toEpochMilli() + nanos(text) / 1_000_000;
  }

  static long unixNanos(String text) {
    return ZERO.getEpochSecond() * 1_000_000_000L + nanos(text);
  }

  /** In seconds, or in milliseconds if it must be. */
  static String text(long unixMillis) {
    long millis = unixMillis - ZERO.toEpochMilli();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
