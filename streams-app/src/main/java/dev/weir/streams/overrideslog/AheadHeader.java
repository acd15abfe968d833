package dev.weir.streams.overrideslog;

import dev.weir.schemas.layout.CorruptLayoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Header {@code weir-ahead-millis} of a version's record: how far ahead of the broker's clock spans
 * could be read when it was appended, in milliseconds, decimal. Absent if not at all. It stands in
 * the log because a version's window must not depend on who reads it.
 */
final class AheadHeader {
  private static final String NAME = "weir-ahead-millis";

  private AheadHeader() {}

  static void put(Headers headers, Duration ahead) {
    if (!ahead.isZero()) {
      headers.add(NAME, Long.toString(ahead.toMillis()).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * What a record says; 0 if nothing.
   *
   * @throws CorruptLayoutException if it is no number
   */
  static long millis(Headers headers) {
    Header header = headers.lastHeader(NAME);
    if (header == null) {
      return 0;
    }
    String text = new String(header.value(), StandardCharsets.US_ASCII);
    if (!text.matches("\\d{1,12}")) {
      throw new CorruptLayoutException("header %s is '%s', no number".formatted(NAME, text));
    }
    return Long.parseLong(text);
  }
}
