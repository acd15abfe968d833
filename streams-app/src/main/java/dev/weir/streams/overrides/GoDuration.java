package dev.weir.streams.overrides;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Tempo has them: {@code 1h30m}, {@code 1.5s}, {@code 15m0s}, {@code 0}, or a whole
 * number of nanoseconds. Ours are whole milliseconds from one second to a year.
 */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  private GoDuration() {}

  /**
   * Reads a text or a number of nanoseconds.
   *
   * @throws IllegalArgumentException if it is neither, or out of range
   */
  static Duration read(Object form) {
    BigDecimal nanos =
        form instanceof Integer || form instanceof Long
            ? BigDecimal.valueOf(((Number) form).longValue())
            : nanos(form);
    BigDecimal most = BigDecimal.valueOf(LONGEST.toNanos());
    Duration duration = Duration.ofNanos(nanos.min(most.add(BigDecimal.ONE)).longValue());
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("must be from 1s to 8760h, not " + form);
    }
    return Duration.ofMillis(duration.toMillis());
  }

  private static BigDecimal nanos(Object form) {
    String text = form.toString().trim();
    Matcher part = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      BigDecimal amount = new BigDecimal(part.group(1));
      nanos = nanos.add(amount.multiply(BigDecimal.valueOf(NANOS.getOrDefault(part.group(2), 0L))));
      end = part.end();
    }
    if (end == 0 || end < text.length()) {
      throw new IllegalArgumentException("must be a duration such as 15m or 1h30m, not " + form);
    }
    return nanos;
  }

  /** In Tempo's form, without units that are 0: {@code 1h30m}. */
  static String write(Duration duration) {
    long hours = duration.toHours();
    String text = hours == 0 ? "" : hours + "h";
    text += duration.toMinutesPart() == 0 ? "" : duration.toMinutesPart() + "m";
    BigDecimal seconds = BigDecimal.valueOf(duration.toMillis() % 60_000, 3).stripTrailingZeros();
    return seconds.signum() == 0 ? text : text + seconds.toPlainString() + "s";
  }
}
