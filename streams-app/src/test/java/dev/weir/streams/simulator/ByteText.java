package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/** Bytes as a string of as many characters, so that what is not UTF-8 survives in maps. */
final class ByteText {
  static final String EMPTY = "";

  private ByteText() {}

  static String of(ByteString bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  static String decoded(String text) {
    return bytes(text).toStringUtf8();
  }

  static boolean isUtf8(String text) {
    return bytes(text).isValidUtf8();
  }

  /** Cut before the character that {@code maxBytes} ends within. */
  static String truncated(String text, int maxBytes) {
    if (maxBytes == 0 || text.length() <= maxBytes) {
      return text;
    }
    int kept = maxBytes;
    while (kept > 0 && isContinuation(text.charAt(kept))) {
      kept--;
    }
    return text.substring(0, kept);
  }

  private static boolean isContinuation(char value) {
    return value >= 0x80 && value < 0xC0;
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFrom(text, StandardCharsets.ISO_8859_1);
  }
}
