package dev.weir.streams.spanmetrics;

import java.util.Arrays;
import java.util.Locale;

/** A label that tells something about a span that is no attribute of it. */
public enum Intrinsic {
  SERVICE,
  SPAN_NAME,
  SPAN_KIND,
  STATUS_CODE,
  STATUS_MESSAGE;

  /** Its name as a label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a label of that name belongs to one of these, in use or not. */
  static boolean isNamed(String label) {
    return Arrays.stream(values()).anyMatch(intrinsic -> intrinsic.label().equals(label));
  }
}
