package dev.weir.streams.remotewrite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.delta.Exemplars;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.outbox.SampleBatch;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Native histograms that grow by 10 observations of 100 ms a window, each of weight 1 or 1.5. */
final class Latencies {
  private static final long WINDOW_MILLIS = 15_000;
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(1.0));
  private static final MetricSelection NATIVE = new MetricSelection(Set.of(), false, true);
  private static final int BUCKET = -26; // of schema 3: 2^(-27/8) < 0.1 <= 2^(-26/8)
  private static final long NANOS = 100_000_000;

  private final long first;

  /** The first window is the one of that time. */
  Latencies(long startMillis) {
    this.first = startMillis / WINDOW_MILLIS;
  }

  Instant end(int window) {
    return Instant.ofEpochMilli((first + window + 1) * WINDOW_MILLIS);
  }

  Request window(int window, boolean weighted) throws InvalidProtocolBufferException {
    SampleBatch batch = batch(window);
    Exemplars exemplars = new Exemplars();
    exemplars.offer(0, 0, 10 + window, 7, NANOS, 0);
    batch.add(
        key(weighted),
        BucketLayout.of(BOUNDS),
        NATIVE,
        tally(window, weighted),
        tally(window + 1, weighted),
        exemplars,
        0);
    return Request.parseFrom(batch.toByteArray());
  }

  Request stale(int window) throws InvalidProtocolBufferException {
    SampleBatch batch = batch(window);
    batch.addStale(key(false), BucketLayout.of(BOUNDS), NATIVE, tally(window, false));
    return Request.parseFrom(batch.toByteArray());
  }

  private SampleBatch batch(int window) {
    return new SampleBatch(
        ExemplarFormat.DEFAULT,
        SampleNaming.DEFAULT,
        (first + window) * WINDOW_MILLIS,
        (first + window + 1) * WINDOW_MILLIS);
  }

  private static SeriesKey key(boolean weighted) {
    ByteWriter labels =
        new ByteWriter(16)
            .prefixed("weight".getBytes(UTF_8))
            .prefixed((weighted ? "1.5" : "1").getBytes(UTF_8));
    return SeriesKey.of(
        new byte[] {'t'},
        MetricGroup.SPAN_METRICS,
        labels.bytes(),
        0,
        labels.length(),
        new ByteWriter(64));
  }

  private Tally tally(int windows, boolean weighted) {
    Tally tally = new Tally(MetricGroup.SPAN_METRICS.vectorLength(BOUNDS.buckets()), weighted);
    if (windows > 0) {
      NativeHistogram histogram = tally.nativeAt(0);
      histogram.begin(3);
      histogram.countSince(first);
      long count = weighted ? windows * (15L << Tally.FINE_BITS) : windows * 10L;
      histogram.add(BUCKET, 0, count);
      histogram.addSum(0, count * NANOS);
    }
    return tally;
  }
}
