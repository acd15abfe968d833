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
  void shouldMakeLabelSets() {
    assertThat(new LabelSetBenchmark().makeLabelSet()).isPositive();
  }

  @Test
  void shouldCountEverySpanOfTheStandardSampleInTheFirstStage() {
    PartitionAggregateBenchmark.Standard stage = new PartitionAggregateBenchmark.Standard();
    stage.makeSample();

    assertThat(new PartitionAggregateBenchmark().standard(stage)).isPositive();
    assertThat(stage.countedSpans()).isEqualTo(SpanSample.SPANS);
  }

  @Test
  void shouldCountEverySpanOfTheProdSampleInTheFirstStage() {
    PartitionAggregateBenchmark.Prod stage = new PartitionAggregateBenchmark.Prod();
    stage.instances = 10;
    stage.makeSample();

    assertThat(new PartitionAggregateBenchmark().prod(stage)).isPositive();
    assertThat(stage.countedSpans()).isEqualTo(SpanSample.PROD_SPANS);
  }
}
