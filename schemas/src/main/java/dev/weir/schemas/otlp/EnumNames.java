package dev.weir.schemas.otlp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What OTLP calls the numbers of its enums; a number that it does not know is shown as it is. */
public final class EnumNames {
  /** Kinds of spans, by number. */
  public static final List<String> KINDS =
      List.of(
          "SPAN_KIND_UNSPECIFIED",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER");

  /** Status codes, by number. */
  public static final List<String> STATUS_CODES =
      List.of("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR");

  private EnumNames() {}

  /** The name of a number, in ASCII. */
  public static byte[] ascii(List<String> names, int number) {
    String name =
        number >= 0 && number < names.size() ? names.get(number) : Integer.toString(number);
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
