package dev.weir.streams.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import dev.weir.streams.servicegraph.PartitionGrowth;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final PartitionGrowth GROWTH = new PartitionGrowth(NOW - 1000, 4, 6);

  private final WindowClock clock = new WindowClock(15_000, RecordTime.ofProducers());
  private final PartitionProgress progress = new PartitionProgress(clock, 1);

  @Test
  void shouldKeepTheLayoutOfVersion3() {
    clock.mark(NOW);
    for (int i = 1; i < WindowClock.WITNESSES; i++) {
      clock.read(NOW + 100_000 + i);
    }
    progress.announced(7);
    progress.goesOnAt(12);
    progress.grown(GROWTH);
    clock.giveUpTo(NOW / 15_000);

    assertThat(progress.write()).isEqualTo(Golden.bytes("partition-progress-v3.hex"));
  }

  @Test
  void shouldReadTheLayoutOfVersion3() {
    progress.read(new ByteReader().reset(Golden.bytes("partition-progress-v3.hex")));

    assertThat(clock.givenUpTo()).isEqualTo(NOW / 15_000);
    assertThat(progress.growth()).isEqualTo(GROWTH);
  }

  @Test
  void shouldReadTheLayoutOfVersion2() {
    progress.read(new ByteReader().reset(Golden.bytes("partition-progress-v2.hex")));

    assertThat(clock.nowMillis()).isEqualTo(NOW);
    assertThat(progress.announcedOpenFrom()).isEqualTo(7);
    assertThat(progress.goesOnAt()).isEqualTo(12);
    assertThat(progress.partitions()).isEqualTo(6);
    assertThat(progress.growth()).isEqualTo(GROWTH);
    clock.read(NOW + 100_000); // the last of those that have to agree
    assertThat(clock.nowMillis()).isEqualTo(NOW + 100_000);
  }

  @Test
  void shouldReadTheLayoutOfVersion1() {
    progress.read(new ByteReader().reset(Golden.bytes("partition-progress-v1.hex")));

    assertThat(clock.nowMillis()).isEqualTo(NOW);
    assertThat(progress.announcedOpenFrom()).isEqualTo(7);
    assertThat(progress.partitions()).isEqualTo(1);
  }

  @Test
  void shouldRefuseALaterVersion() {
    assertThatThrownBy(() -> progress.read(new ByteReader().reset(new byte[] {4})))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("partition state of version 4; this program reads versions 1 to 3");
  }

  @Test
  void shouldTakeGrowthThatFollowsSoonForOne() {
    progress.grown(GROWTH);
    progress.grown(new PartitionGrowth(NOW + 20_000, 6, 7));
    assertThat(progress.growth()).isEqualTo(new PartitionGrowth(NOW + 20_000, 4, 7));

    progress.grown(new PartitionGrowth(NOW + 900_000, 7, 8));
    assertThat(progress.growth()).isEqualTo(new PartitionGrowth(NOW + 900_000, 7, 8));
  }

  @Test
  void shouldNotShrink() {
    progress.grown(GROWTH);
    progress.grown(new PartitionGrowth(NOW, 2, 5));

    assertThat(progress.partitions()).isEqualTo(6);
    assertThat(progress.growth()).isEqualTo(GROWTH);
  }
}
