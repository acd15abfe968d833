package dev.weir.schemas.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteWriter;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeriesKeyTest {
  private static final byte[] LABELS = {7, 's', 'e', 'r', 'v', 'i', 'c', 'e', 1, 'a'};
  private final ByteWriter scratch = new ByteWriter(0);

  @Test
  void shouldTellItsParts() {
    SeriesKey key = key("t".repeat(200), MetricGroup.SERVICE_GRAPH);

    assertThat(key.tenant()).asString(UTF_8).isEqualTo("t".repeat(200));
    assertThat(key.group()).isEqualTo(MetricGroup.SERVICE_GRAPH);
    assertThat(key.bytes().length - key.labelsOffset()).isEqualTo(LABELS.length);
  }

  /** State and shards of running installations depend on these bytes. */
  @Test
  void shouldNeverChangeItsBytes() {
    assertThat(HexFormat.of().formatHex(key("acme", MetricGroup.SPAN_METRICS).bytes()))
        .isEqualTo("0461636d65a7c54da92729a2d10107736572766963650161");
  }

  @Test
  void shouldPutOverflowBehindEverythingElseOfATenant() {
    SeriesKey overflow =
        SeriesKey.overflow("acme".getBytes(UTF_8), MetricGroup.SERVICE_GRAPH, LABELS);
    byte[] last = key("acme", MetricGroup.CONNECTION_INFO).bytes();
    Arrays.fill(last, 5, 13, (byte) 0xFF);

    assertThat(HexFormat.of().formatHex(overflow.bytes()))
        .isEqualTo("0461636d65ffffffffffffffff8207736572766963650161");
    assertThat(overflow.isOverflow()).isTrue();
    assertThat(overflow.group()).isEqualTo(MetricGroup.SERVICE_GRAPH);
    assertThat(Arrays.compareUnsigned(overflow.bytes(), last)).isPositive();
    assertThat(new SeriesKey(last).isOverflow()).isFalse();
  }

  @Test
  void shouldTellItsHash() {
    assertThat(key("acme", MetricGroup.SPAN_METRICS).hash()).isEqualTo(0xa7c54da92729a2d1L);
  }

  @Test
  void shouldDifferByTenantAndGroup() {
    SeriesKey key = key("acme", MetricGroup.SPAN_METRICS);

    assertThat(key).isEqualTo(key("acme", MetricGroup.SPAN_METRICS));
    assertThat(key).isNotEqualTo(key("acm", MetricGroup.SPAN_METRICS));
    assertThat(key).isNotEqualTo(key("acme", MetricGroup.SERVICE_GRAPH));
  }

  @Test
  void shouldMapHashesToShardsAsFractionsOfTheWhole() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long hash = random.nextLong();
      int shards = random.nextInt(1, 1000);
      BigInteger product =
          new BigInteger(Long.toUnsignedString(hash)).multiply(BigInteger.valueOf(shards));

      assertThat(SeriesKey.shard(hash, shards)).isEqualTo(product.shiftRight(64).intValue());
    }
  }

  private SeriesKey key(String tenant, MetricGroup group) {
    return SeriesKey.of(tenant.getBytes(UTF_8), group, LABELS, 0, LABELS.length, scratch);
  }
}
