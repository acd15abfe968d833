package dev.weir.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is measured must work, and must have read every span of the sample. */
class BenchmarksTest {
  @Test
  void shouldReadTheSameWithBothReaders() throws Exception {
    OtlpReaderBenchmark benchmark = new OtlpReaderBenchmark();

    assertThat(benchmark.ourReader()).isEqualTo(benchmark.protobufJava()).isPositive();
    assertThat(benchmark.ourReaderWithAttributes()).isPositive();
  }

  @Test
  void shouldDrainTheSameAmountsEveryTime() throws Exception {
    SpanMetricsBenchmark benchmark = new SpanMetricsBenchmark();
    int first = benchmark.countAndDrain();

    assertThat(benchmark.countAndDrain()).isEqualTo(first).isPositive();
  }

  @Test
  void shouldCountEverySpanOfTheSampleInTheFirstStage() {
    PartitionAggregateBenchmark benchmark = new PartitionAggregateBenchmark();

    assertThat(benchmark.acceptAndFlush()).isPositive();
    assertThat(benchmark.countedSpans()).isEqualTo(SpanSample.SPANS);
  }
}
