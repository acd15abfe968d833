package dev.weir.allinone.shadow;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the log, as people say it. */
public sealed interface Position {
  /** What {@link #parse} takes, for messages. */
  String FORMS =
      "beginning, now, snapshot:NAME, a time such as 2026-01-31T12:00:00Z, a duration such as 90m for so long ago, or partition:offset,… for each partition";

  /** The first record of each partition. */
  record Beginning() implements Position {}

  /** Behind the last record that is there now. */
  record Now() implements Position {}

  /** Where a snapshot ends. */
  record OfSnapshot(String name) implements Position {}

  /** The first record of each partition that is not earlier. */
  record AtTime(Instant instant) implements Position {}

  /** An offset for each partition. */
  record AtOffsets(SortedMap<Integer, Long> offsets) implements Position {
    public AtOffsets {
      offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
    }
  }

  /**
   * Reads one.
   *
   * @param key the setting that says it, for messages
   * @param now what a duration counts back from
   * @throws InvalidSettingsException if {@code text} has none of the {@link #FORMS}
   */
  static Position parse(String key, String text, Instant now) {
    if (text.equals("beginning")) {
      return new Beginning();
    }
    if (text.equals("now")) {
      return new Now();
    }
    if (text.startsWith("snapshot:")) {
      return new OfSnapshot(Names.require(key, text.substring("snapshot:".length())));
    }
    try {
      if (text.matches("\\d+:\\d+(,\\d+:\\d+)*")) {
        return new AtOffsets(offsets(text));
      }
      return new AtTime(
          text.contains("T") ? Instant.parse(text) : now.minus(Durations.parse(text)));
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw new InvalidSettingsException("%s=%s: must be %s".formatted(key, text, FORMS));
    }
  }

  private static SortedMap<Integer, Long> offsets(String text) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    Matcher pair = Pattern.compile("(\\d+):(\\d+)").matcher(text);
    while (pair.find()) {
      Long before = offsets.put(Integer.parseInt(pair.group(1)), Long.parseLong(pair.group(2)));
      if (before != null) {
        throw new IllegalArgumentException("partition " + pair.group(1) + " twice");
      }
    }
    return offsets;
  }
}
