package dev.weir.schemas.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteLayoutTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void shouldReadBackAnyNumber(long number) {
    ByteWriter writer = new ByteWriter(0).uvarint(number).fixed64(number).fixed32((int) number);

    ByteReader reader = new ByteReader().reset(writer.toByteArray());

    assertThat(reader.uvarint()).isEqualTo(number);
    assertThat(reader.fixed64()).isEqualTo(number);
    assertThat(reader.fixed32()).isEqualTo((int) number);
    assertThat(reader.hasMore()).isFalse();
  }

  @Test
  void shouldReadBackNumbersOf128Bits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long high = random.nextLong() >>> random.nextInt(64);
      long low = random.nextLong() >>> random.nextInt(64);

      ByteReader reader =
          new ByteReader().reset(new ByteWriter(0).uvarint128(high, low).toByteArray());

      assertThat(reader.uvarint128()).isEqualTo(low);
      assertThat(reader.high()).isEqualTo(high);
      assertThat(reader.hasMore()).isFalse();
    }
  }

  @Test
  void shouldReadBackBytesWithinASlice() {
    byte[] bytes = new ByteWriter(0).u8(7).prefixed(new byte[] {1, 2, 3}).u8(255).toByteArray();

    ByteReader reader = new ByteReader().reset(bytes, 1, 4);

    assertThat(reader.prefixed()).containsExactly(1, 2, 3);
    assertThat(reader.hasMore()).isFalse();
    assertThatThrownBy(reader::u8)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("1 bytes wanted at byte 5, 0 are left");
  }

  @Test
  void shouldKeepWhatStandsBehindADroppedFront() {
    ByteWriter writer = new ByteWriter(4).fixed64(1).fixed64(2).u8(3);

    writer.dropFront(8);
    writer.overwrite64(0, 4);

    assertThat(writer.toByteArray()).containsExactly(0, 0, 0, 0, 0, 0, 0, 4, 3);
  }

  @Test
  void shouldRefuseNumbersThatAreTooLarge() {
    byte[] of65Bits = new ByteWriter(0).uvarint128(1, 0).toByteArray();
    byte[] of32Bits = new ByteWriter(0).uvarint(1L << 31).toByteArray();
    byte[] endless = new byte[20];
    java.util.Arrays.fill(endless, (byte) 0x80);

    assertThatThrownBy(() -> new ByteReader().reset(of65Bits).uvarint())
        .hasMessage("number of more than 64 bits before byte 10");
    assertThatThrownBy(() -> new ByteReader().reset(of32Bits).uvarint31())
        .hasMessage("number 2147483648 of more than 31 bits before byte 5");
    assertThatThrownBy(() -> new ByteReader().reset(endless).uvarint128())
        .hasMessage("number of more than 19 bytes before byte 19");
  }

  @Test
  void shouldRefuseALengthBeyondTheEnd() {
    byte[] bytes = new ByteWriter(0).uvarint(3).u8(1).u8(2).toByteArray();

    assertThatThrownBy(() -> new ByteReader().reset(bytes).prefixed())
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("3 bytes wanted at byte 1, 2 are left");
  }
}
