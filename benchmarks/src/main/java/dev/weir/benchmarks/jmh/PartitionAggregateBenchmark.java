package dev.weir.benchmarks.jmh;

import dev.weir.schemas.topic.SpanCodec;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.aggregate.PartitionStore;
import dev.weir.streams.aggregate.RecordTime;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds a span in the whole first stage, span metrics and service graph, without Kafka: a
 * record every millisecond of record time, a commit every 200 records.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@State(Scope.Thread)
@OperationsPerInvocation(SpanSample.SPANS)
public class PartitionAggregateBenchmark {
  private static final byte[] TENANT = "single-tenant".getBytes(StandardCharsets.UTF_8);
  private static final HistogramBounds SPAN_METRICS_BOUNDS =
      new HistogramBounds(
          List.of(
              0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096,
              8.192, 16.384));
  private static final HistogramBounds SERVICE_GRAPH_BOUNDS =
      new HistogramBounds(List.of(0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8));

  private static final AggregateSettings SETTINGS =
      new AggregateSettings(
          SpanCodec.OTLP,
          Duration.ofSeconds(15),
          RecordTime.ofBroker(),
          Optional.empty(),
          8,
          LabelRules.NONE,
          new SpanMetricsSettings(true, SPAN_METRICS_BOUNDS),
          new ServiceGraphSettings(
              true,
              SERVICE_GRAPH_BOUNDS,
              Duration.ofSeconds(10),
              10_000,
              PeerNames.DEFAULT_PEER_ATTRIBUTES),
          HostInfoSettings.DISABLED);

  private final SpanSample sample = new SpanSample();
  private final CountedOutput output = new CountedOutput();
  private final PartitionAggregate aggregate =
      new PartitionAggregate(
          SETTINGS,
          SettingsByWindow.always(SETTINGS.tenants(SeriesLimits.NONE)),
          0,
          4,
          new HeapStore(),
          output);
  private long nowMillis = 1_767_225_600_000L;
  private long offset;

  /**
   * One commit's worth of records.
   *
   * @return bytes sent to the shards so far
   */
  @Benchmark
  public long acceptAndFlush() {
    for (byte[] value : sample.records()) {
      if (aggregate.accept(TENANT, value, ++nowMillis, offset++).isPresent()) {
        throw new IllegalStateException("the sample was refused");
      }
    }
    aggregate.flush();
    return output.bytes;
  }

  /** How many spans the books say were counted. */
  long countedSpans() {
    return output.spans;
  }

  private static final class CountedOutput implements AggregateOutput {
    private long bytes;
    private long spans;

    @Override
    public void deltas(int shard, byte[] batch) {
      bytes += batch.length;
    }

    @Override
    public void ledger(LedgerEntry entry) {
      spans += entry.getSpansCounted();
    }
  }

  private static final class HeapStore implements PartitionStore {
    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      entries.remove(key);
    }

    @Override
    public void forEach(BiConsumer<byte[], byte[]> entry) {
      entries.forEach(entry);
    }
  }
}
