package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortestDecimalTest {
  /** As Go's {@code strconv.FormatFloat(x, 'f', -1, 64)} has them. */
  @ParameterizedTest
  @CsvSource({
    "1,1",
    "0.1,0.1",
    "-2.5,-2.5",
    "100000000000000000000000,100000000000000000000000",
    "1.0E-7,0.0000001",
    "9007199254740993,9007199254740992",
    "5.960464477539063E-8,0.00000005960464477539063",
    "2.0E-3,0.002",
    "123456789.125,123456789.125",
    "NaN,NaN",
    "Infinity,+Inf",
    "-Infinity,-Inf",
    "0.0,0",
    "-0.0,-0",
  })
  void shouldBeTheShortestForm(double value, String expected) {
    assertThat(ShortestDecimal.of(value)).isEqualTo(expected);
  }

  @Test
  void shouldReadBackEqual() {
    RandomGenerator random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        String shortest = ShortestDecimal.of(value);
        assertThat(Double.parseDouble(shortest)).isEqualTo(value);
        assertThat(significantDigits(shortest))
            .as("%s", value)
            .isLessThanOrEqualTo(significantDigits(Double.toString(value)));
      }
    }
  }

  /** Below a power of two the doubles are closer together than above it. */
  @Test
  void shouldBeShortAtPowersOfTwo() {
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      double value = Math.scalb(1.0, exponent);
      String shortest = ShortestDecimal.of(value);
      assertThat(Double.parseDouble(shortest)).isEqualTo(value);
      assertThat(significantDigits(shortest))
          .as("2^%d", exponent)
          .isLessThanOrEqualTo(significantDigits(Double.toString(value)));
    }
  }

  private static int significantDigits(String decimal) {
    return new BigDecimal(decimal).stripTrailingZeros().precision();
  }
}
