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

  /**
   * The nearest decimal first. Doubles lie closer together below a power of two than above it, so
   * the nearest may read back as a neighbour while the one on the other side does not.
   */
  private static final RoundingMode[] ROUNDINGS = {RoundingMode.HALF_EVEN, RoundingMode.UP};

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
    for (int digits = 1; digits < MAX_SIGNIFICANT_DIGITS; digits++) {
      for (RoundingMode rounding : ROUNDINGS) {
        BigDecimal candidate = exact.round(new MathContext(digits, rounding));
        if (candidate.doubleValue() == value) {
          return plain(candidate);
        }
      }
    }
    return plain(exact.round(new MathContext(MAX_SIGNIFICANT_DIGITS, RoundingMode.HALF_EVEN)));
  }

  private static String plain(BigDecimal decimal) {
    return decimal.stripTrailingZeros().toPlainString();
  }
}
