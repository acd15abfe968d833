package dev.weir.streams.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExponentialBucketsTest {
  @ParameterizedTest
  @CsvSource({
    "1.1,3",
    "2,0",
    "4,-1",
    "1.9,1",
    "65536,-4",
    "1e9,-4",
    "1.001,8",
    "1.0028,8",
    "1.5,1"
  })
  void shouldBeTheCoarsestThatTheFactorAllows(double factor, int schema) {
    assertThat(ExponentialBuckets.schemaOf(factor)).isEqualTo(schema);
  }

  @Test
  void shouldHoldWhatIsAboveTheBoundBeforeAndUpToTheirOwn() {
    Random random = new Random(11);
    for (int schema = -4; schema <= 8; schema++) {
      ExponentialBuckets buckets = new ExponentialBuckets(schema);
      double step = Math.pow(2, -schema);
      for (int i = 0; i < 3_000; i++) {
        long nanos = random.nextLong() >>> random.nextInt(64);
        double seconds = Double.parseDouble(Long.toUnsignedString(nanos)) / 1e9;
        int index = nanos == 0 ? 0 : buckets.indexOf(nanos);
        if (nanos != 0) {
          assertThat(seconds)
              .isGreaterThan(Math.pow(2, (index - 1) * step) * (1 - 1e-12))
              .isLessThanOrEqualTo(Math.pow(2, index * step) * (1 + 1e-12));
        }
      }
    }
  }

  @Test
  void shouldIncludeTheirUpperBound() {
    for (int schema = -4; schema <= 8; schema++) {
      ExponentialBuckets buckets = new ExponentialBuckets(schema);
      assertThat(buckets.indexOf(1_000_000_000L)).isZero();
      assertThat(buckets.indexOf(1_000_000_001L)).isEqualTo(1);
      if (schema >= 0) {
        assertThat(buckets.indexOf(500_000_000L)).isEqualTo(-(1 << schema));
        assertThat(buckets.indexOf(4_000_000_000L)).isEqualTo(2 << schema);
      }
    }
  }
}
