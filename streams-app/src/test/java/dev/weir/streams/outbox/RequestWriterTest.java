package dev.weir.streams.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
  private static final List<Metadata.MetricType> TYPES =
      List.of(
          Metadata.MetricType.METRIC_TYPE_COUNTER,
          Metadata.MetricType.METRIC_TYPE_GAUGE,
          Metadata.MetricType.METRIC_TYPE_HISTOGRAM);
  private static final List<Double> VALUES =
      List.of(0.0, -0.0, 1.5, Double.NaN, Double.POSITIVE_INFINITY, 1e300);
  private static final List<Long> TIMES = List.of(0L, 1L, 127L, 128L, 1_795_000_000_000L, -1L);

  @Test
  void shouldWriteTheBytesThatProtobufWrites() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      RequestWriter writer = new RequestWriter();
      Request.Builder expected = Request.newBuilder().addSymbols("");
      for (int i = random.nextInt(400); i > 0; i--) {
        String text = "ü".repeat(random.nextInt(100)) + i;
        assertThat(writer.symbol(text)).isEqualTo(expected.getSymbolsCount());
        expected.addSymbols(text);
      }
      for (int i = random.nextInt(5); i > 0; i--) {
        expected.addTimeseries(series(random, writer));
      }
      assertThat(writer.isEmpty()).isEqualTo(expected.getTimeseriesCount() == 0);
      assertThat(writer.toByteArray())
          .as("seed %d", seed)
          .isEqualTo(expected.build().toByteArray());
    }
  }

  private static TimeSeries series(SplittableRandom random, RequestWriter writer) {
    TimeSeries.Builder expected = TimeSeries.newBuilder().addAllLabelsRefs(labels(random));
    Metadata.MetricType type = any(TYPES, random);
    expected.setMetadata(Metadata.newBuilder().setType(type));
    writer.begin(written(expected.getLabelsRefsList()), type);
    for (int i = random.nextInt(3); i > 0; i--) {
      Sample sample =
          Sample.newBuilder()
              .setValue(any(VALUES, random))
              .setTimestamp(any(TIMES, random))
              .setStartTimestamp(any(TIMES, random))
              .build();
      expected.addSamples(sample);
      writer.sample(sample.getValue(), sample.getTimestamp(), sample.getStartTimestamp());
    }
    for (int i = random.nextInt(2); i > 0; i--) {
      Histogram histogram =
          Histogram.newBuilder().setSum(any(VALUES, random)).addPositiveDeltas(i).build();
      expected.addHistograms(histogram);
      writer.histogram(histogram);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      Exemplar exemplar =
          Exemplar.newBuilder()
              .addAllLabelsRefs(labels(random))
              .setValue(any(VALUES, random))
              .setTimestamp(any(TIMES, random))
              .build();
      expected.addExemplars(exemplar);
      writer.exemplar(
          written(exemplar.getLabelsRefsList()), exemplar.getValue(), exemplar.getTimestamp());
    }
    return expected.build();
  }

  private static List<Integer> labels(SplittableRandom random) {
    return IntStream.range(0, 2 * random.nextInt(1, 40))
        .mapToObj(i -> random.nextInt(1 << random.nextInt(1, 20)))
        .toList();
  }

  private static ByteWriter written(List<Integer> labels) {
    ByteWriter bytes = new ByteWriter(8);
    labels.forEach(bytes::uvarint);
    return bytes;
  }

  private static <T> T any(List<T> of, SplittableRandom random) {
    return of.get(random.nextInt(of.size()));
  }
}
