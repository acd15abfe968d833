package dev.weir.schemas.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExemplarsTest {
  private final Random random = new Random(23);

  @Test
  void shouldNotDependOnTheOrder() {
    for (int i = 0; i < 200; i++) {
      List<long[]> spans = new ArrayList<>();
      for (int span = 0; span < 30; span++) {
        // few ids, so that some spans differ in other things only
        spans.add(
            new long[] {
              random.nextInt(6),
              random.nextInt(2),
              random.nextInt(3),
              1,
              random.nextInt(2),
              span % 3
            });
      }
      byte[] expected = taken(spans);
      Collections.shuffle(spans, random);

      assertThat(taken(spans)).isEqualTo(expected);
    }
  }

  @Test
  void shouldTakeTheSmallestHash() {
    Exemplars exemplars = new Exemplars();
    long smallest = Long.MAX_VALUE;
    for (long trace = 1; trace < 100; trace++) {
      exemplars.offer(0, 0, trace, 7, 1, 1);
      smallest = Math.min(smallest, Exemplars.hash(0, trace, 7));

      assertThat(exemplars.size()).isEqualTo(1);
      assertThat(exemplars.hash(0)).isEqualTo(smallest);
    }
  }

  @Test
  void shouldKeepTheirLayoutInATally() {
    Tally tally = new Tally(1);
    tally.exemplars().offer(3, 1, 2, 3, 300, 4);
    tally.exemplars().offer(1, -1, -2, 0, 1, 5);
    ByteWriter bytes = new ByteWriter(0).u8(tally.flags());
    tally.write(bytes);

    assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
        .isEqualTo(
            "0400"
                + "02"
                + "01fffffffffffffffffffffffffffffffe00000000000000000105"
                + "02000000000000000100000000000000020000000000000003ac0204");
    Tally read = new Tally(1);
    ByteReader reader = new ByteReader().reset(bytes.toByteArray());
    read.addFrom(reader, reader.u8());
    assertThat(read.exemplars().size()).isEqualTo(2);
    assertThat(read.exemplars().bucket(1)).isEqualTo(3);
    assertThat(read.exemplars().nanos(1)).isEqualTo(300);
  }

  private static byte[] taken(List<long[]> spans) {
    Exemplars one = new Exemplars();
    Exemplars other = new Exemplars();
    for (int i = 0; i < spans.size(); i++) {
      long[] span = spans.get(i);
      (i % 3 == 0 ? one : other).offer((int) span[0], span[1], span[2], span[3], span[4], span[5]);
    }
    one.add(other);
    ByteWriter writer = new ByteWriter(0);
    one.write(writer);
    return writer.toByteArray();
  }
}
