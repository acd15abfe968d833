package dev.weir.schemas.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Random random = new Random(5);

  @Test
  void shouldConvertWhatIsWholeWhenSomethingFineIsAdded() {
    Tally tally = whole(3);

    tally.add(fine(1));

    assertThat(tally.isFine()).isTrue();
    assertThat(tally.amounts().exact(0)).isEqualTo((3 << 20) + 1);
    assertThat(tally.inUnits(1 << 20)).isEqualTo(1);
  }

  @Test
  void shouldConvertWhatIsWholeWhenItIsAddedToSomethingFine() {
    Tally tally = fine(1);

    tally.add(whole(3));

    assertThat(tally.amounts().exact(0)).isEqualTo((3 << 20) + 1);
  }

  @Test
  void shouldNotDependOnTheOrder() {
    for (int i = 0; i < 200; i++) {
      List<Tally> parts = new ArrayList<>();
      for (int part = random.nextInt(1, 6); part > 0; part--) {
        long amount = random.nextLong() >>> random.nextInt(64);
        parts.add(random.nextBoolean() ? whole(amount) : fine(amount));
      }
      byte[] expected = sum(parts);
      Collections.shuffle(parts, random);

      assertThat(sum(parts)).isEqualTo(expected);
    }
  }

  private static byte[] sum(List<Tally> parts) {
    Tally sum = new Tally(1);
    parts.forEach(sum::add);
    ByteWriter writer = new ByteWriter(0).u8(sum.flags());
    sum.write(writer);
    return writer.toByteArray();
  }

  private static Tally whole(long amount) {
    Tally tally = new Tally(1);
    tally.amounts().add(0, 0, amount);
    return tally;
  }

  private static Tally fine(long amount) {
    ByteWriter writer = new ByteWriter(0);
    whole(amount).write(writer);
    Tally tally = new Tally(1);
    tally.addFrom(new ByteReader().reset(writer.toByteArray()), Tally.FINE);
    return tally;
  }
}
