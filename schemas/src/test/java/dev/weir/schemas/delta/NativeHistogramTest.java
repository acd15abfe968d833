package dev.weir.schemas.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NativeHistogramTest {
  private final Random random = new Random(17);

  @Test
  void shouldNotDependOnTheOrderAndTakeTheCoarsestSchema() {
    for (int i = 0; i < 300; i++) {
      List<NativeHistogram> parts = new ArrayList<>();
      for (int part = random.nextInt(1, 6); part > 0; part--) {
        parts.add(random());
      }
      byte[] expected = sum(parts);
      Collections.shuffle(parts, random);

      assertThat(sum(parts)).isEqualTo(expected);
      assertThat(expected[0] - 4)
          .isEqualTo(parts.stream().mapToInt(NativeHistogram::schema).min().orElseThrow());
    }
  }

  @Test
  void shouldComeToTheSameByHalvingStepByStepAndAtOnce() {
    NativeHistogram atOnce = random();
    NativeHistogram stepwise = new NativeHistogram();
    stepwise.add(atOnce);

    atOnce.lowerTo(-4);
    for (int schema = stepwise.schema(); schema >= -4; schema--) {
      stepwise.lowerTo(schema);
    }

    assertThat(written(stepwise)).isEqualTo(written(atOnce));
  }

  @Test
  void shouldReadBackWhatItWrote() {
    for (int i = 0; i < 300; i++) {
      NativeHistogram histogram = random();
      histogram.countSince(random.nextInt(1 << 30));

      assertThat(written(NativeHistogram.read(new ByteReader().reset(written(histogram)))))
          .isEqualTo(written(histogram));
    }
  }

  @Test
  void shouldKeepItsLayout() {
    NativeHistogram histogram = new NativeHistogram();
    histogram.begin(3);
    histogram.countSince(7);
    histogram.addSum(0, 300);
    histogram.addZero(0, 2);
    histogram.add(5, 0, 1);
    histogram.add(-10, 0, 200);

    assertThat(HexFormat.of().formatHex(written(histogram))).isEqualTo("0707ac02020213c8011e01");
  }

  @Test
  void shouldRefuseASchemaThatDoesNotExist() {
    assertThatThrownBy(() -> NativeHistogram.read(new ByteReader().reset(new byte[] {13})))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("schema 9 of a histogram, before byte 1");
  }

  private NativeHistogram random() {
    NativeHistogram histogram = new NativeHistogram();
    histogram.begin(random.nextInt(-4, 9));
    for (int i = random.nextInt(1, 40); i > 0; i--) {
      histogram.add(random.nextInt(-60, 60), random.nextInt(2), random.nextLong());
    }
    histogram.addZero(0, random.nextInt(3));
    histogram.addSum(random.nextInt(2), random.nextLong());
    return histogram;
  }

  private static byte[] sum(List<NativeHistogram> parts) {
    NativeHistogram sum = new NativeHistogram();
    parts.forEach(sum::add);
    return written(sum);
  }

  private static byte[] written(NativeHistogram histogram) {
    ByteWriter writer = new ByteWriter(0);
    histogram.write(writer);
    return writer.toByteArray();
  }
}
