package dev.weir.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Bytes as an earlier release wrote them, which every later one must read. */
public final class Golden {
  private Golden() {}

  /** The bytes in a file of hexadecimal digits. */
  public static byte[] bytes(String name) {
    try (InputStream file = Golden.class.getResourceAsStream("/golden/" + name)) {
      String text = new String(file.readAllBytes(), US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
