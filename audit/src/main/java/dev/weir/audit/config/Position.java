package dev.weir.audit.config;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A place in every partition of a topic. */
public sealed interface Position {
  /** Before the first record. */
  record Beginning() implements Position {}

  /** Behind the last record. */
  record End() implements Position {}

  /** Before the record with this offset. */
  record Offset(long offset) implements Position {}

  /** Before the first record of this time or later. */
  record Time(Instant time) implements Position {}

  /** Reads it; empty if it is none of these. */
  static Optional<Position> parse(String text) {
    if (text.equals("beginning")) {
      return Optional.of(new Beginning());
    }
    if (text.equals("end")) {
      return Optional.of(new End());
    }
    if (text.matches("\\d{1,18}")) {
      return Optional.of(new Offset(Long.parseLong(text)));
    }
    try {
      return Optional.of(new Time(Instant.parse(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
