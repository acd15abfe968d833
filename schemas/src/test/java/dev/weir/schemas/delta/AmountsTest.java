package dev.weir.schemas.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AmountsTest {
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void shouldAddLikeIntegersUpToTheLargestOf128Bits() {
    BigInteger[] expected = new BigInteger[5];
    Arrays.fill(expected, BigInteger.ZERO);
    Amounts amounts = new Amounts(expected.length);
    for (int i = 0; i < 2_000; i++) {
      Amounts more = random(expected.length);
      amounts.add(more);
      for (int entry = 0; entry < expected.length; entry++) {
        expected[entry] = expected[entry].add(more.exact(entry)).min(LARGEST);
        assertThat(amounts.exact(entry)).isEqualTo(expected[entry]);
        assertThat(amounts.asDouble(entry)).isEqualTo(expected[entry].doubleValue());
      }
    }
  }

  @Test
  void shouldMultiplyLikeIntegersUpToTheLargestOf128Bits() {
    for (int i = 0; i < 5_000; i++) {
      Amounts before = random(2);
      long factor = random.nextLong() >>> random.nextInt(64);
      int bits = random.nextInt(1, 64);
      Amounts product = new Amounts(1);
      long high = random.nextLong() >>> random.nextInt(1, 64);
      long low = random.nextLong();
      product.add(0, high, low);
      BigInteger expected =
          product.exact(0).multiply(new BigInteger(Long.toUnsignedString(factor)));
      BigInteger sum = before.exact(0).add(expected.min(LARGEST)).min(LARGEST);

      before.addProduct(0, factor, high, low);
      product.shiftLeft(bits);

      assertThat(before.exact(0)).isEqualTo(sum);
      BigInteger unshifted =
          BigInteger.valueOf(high).and(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
      assertThat(product.exact(0))
          .isEqualTo(
              unshifted
                  .shiftLeft(64)
                  .add(new BigInteger(Long.toUnsignedString(low)))
                  .shiftLeft(bits)
                  .min(LARGEST));
    }
  }

  @Test
  void shouldReadBackWhatItWrote() {
    for (int i = 0; i < 2_000; i++) {
      Amounts written = random(random.nextInt(1, 20));
      ByteWriter bytes = new ByteWriter(0);
      written.write(bytes);
      Amounts read = new Amounts(written.length());

      read.addFrom(new ByteReader().reset(bytes.toByteArray()));

      for (int entry = 0; entry < written.length(); entry++) {
        assertThat(read.exact(entry)).isEqualTo(written.exact(entry));
      }
    }
  }

  private Amounts random(int length) {
    Amounts amounts = new Amounts(length);
    for (int entry = 0; entry < length; entry++) {
      if (random.nextInt(3) > 0) {
        long high = random.nextBoolean() ? 0 : random.nextLong() >>> random.nextInt(1, 64);
        amounts.add(entry, high, random.nextLong() >>> random.nextInt(64));
      }
    }
    return amounts;
  }

  @Test
  void shouldCarryIntoTheUpperHalf() {
    Amounts amounts = new Amounts(2);
    amounts.add(0, 0, -1);
    amounts.add(1, 0, 1);

    amounts.addEntry(0, amounts, 1);

    assertThat(amounts.exact(0)).isEqualTo(BigInteger.ONE.shiftLeft(64));
    assertThat(amounts.isZero(0)).isFalse();
  }

  @Test
  void shouldRefuseAnEntryBeyondTheVector() {
    byte[] bytes = new ByteWriter(0).uvarint(1).uvarint(3).uvarint(9).toByteArray();

    assertThatThrownBy(() -> new Amounts(3).addFrom(new ByteReader().reset(bytes)))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("entry 3 of a vector of 3");
  }
}
