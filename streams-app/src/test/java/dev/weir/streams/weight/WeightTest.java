package dev.weir.streams.weight;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightTest {
  private final Weight weight = new Weight();

  @Test
  void shouldRoundToTheNearestUnit() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      double value = Math.scalb(1 + random.nextDouble(), random.nextInt(-19, 56));

      BigInteger expected =
          new BigDecimal(value)
              .multiply(BigDecimal.valueOf(1 << 20))
              .setScale(0, RoundingMode.HALF_EVEN)
              .toBigInteger();
      assertThat(units(value)).isEqualTo(expected);
    }
  }

  @Test
  void shouldNeitherLoseASpanNorCountItAsMoreThanATracestateCanClaim() {
    assertThat(units(1e-300)).isEqualTo(1);
    assertThat(units(0x1p56)).isEqualTo(BigInteger.ONE.shiftLeft(76));
    assertThat(units(Double.POSITIVE_INFINITY)).isEqualTo(BigInteger.ONE.shiftLeft(76));
  }

  private BigInteger units(double value) {
    weight.set(value);
    return new BigInteger(Long.toUnsignedString(weight.high()))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(weight.low())));
  }
}
