package dev.weir.allinone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketsTest {
  private final Buckets buckets = new Buckets();

  @Test
  void shouldInterpolateWithinABucket() {
    buckets.add("0.1", 10);
    buckets.add("0.2", 30);
    buckets.add("+Inf", 30);

    assertThat(buckets.quantile(0.5)).isEqualTo(0.125);
  }

  @Test
  void shouldNotGuessBeyondTheLargestBound() {
    buckets.add("0.1", 1);
    buckets.add("+Inf", 10);

    assertThat(buckets.quantile(0.95)).isEqualTo(0.1);
  }

  @Test
  void shouldHaveNoQuantileOfNothing() {
    buckets.add("+Inf", 0);

    assertThat(buckets.quantile(0.5)).isNaN();
    assertThat(new Buckets().quantile(0.5)).isNaN();
  }
}
