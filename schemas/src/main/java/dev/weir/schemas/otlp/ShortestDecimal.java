package dev.weir.schemas.otlp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Doubles as label values show them: the shortest decimal that reads back equal, without exponent,
 * as Go's {@code 'f', -1} form.
 */
public final class ShortestDecimal {
  private static final int MAX_SIGNIFICANT_DIGITS = 17;

  private ShortestDecimal() {}

  /**
   * The text of {@code value}; {@code Double.toString} finds the shortest one on JDK 19 and newer
   * only, and the text must not depend on the JDK.
   */
  public static String of(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal candidate = exact;
    for (int digits = 1; digits <= MAX_SIGNIFICANT_DIGITS; digits++) {
      candidate = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (candidate.doubleValue() == value) {
        break;
      }
    }
    return candidate.stripTrailingZeros().toPlainString();
  }
}
