package dev.weir.streams.outbox;

import java.util.HexFormat;

/**
 * How exemplars name their trace.
 *
 * @param traceIdLabel name of the label
 * @param withoutLeadingZeros whether the trace id is written without zeros in front, as Tempo does
 */
public record ExemplarFormat(String traceIdLabel, boolean withoutLeadingZeros) {

  /** Tempo's label, with the whole id. */
  public static final ExemplarFormat DEFAULT = new ExemplarFormat("traceID", false);

  /** A trace id as text. */
  String traceId(long high, long low) {
    String text = hex(high) + hex(low);
    return withoutLeadingZeros ? text.replaceFirst("^0+", "") : text;
  }

  /** A number as 16 hexadecimal digits. */
  static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }
}
