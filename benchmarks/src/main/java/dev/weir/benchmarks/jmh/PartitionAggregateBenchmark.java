package dev.weir.benchmarks.jmh;

import dev.weir.app.settings.SettingsLoader;
import dev.weir.benchmarks.payload.Shape;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.aggregate.PartitionStore;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.series.SeriesLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds a span in the whole first stage without Kafka, under the settings that {@code load}
 * gives the streams-app: a record every millisecond of record time, a commit for the whole sample.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class PartitionAggregateBenchmark {
  private static final byte[] TENANT = "single-tenant".getBytes(StandardCharsets.UTF_8);

  /**
   * Traces in one record, the defaults.
   *
   * @return bytes sent to the shards so far
   */
  @Benchmark
  @OperationsPerInvocation(SpanSample.SPANS)
  public long standard(Standard stage) {
    return stage.acceptAndFlush();
  }

  /**
   * The two sides of calls in different records; dimensions, filters, target info.
   *
   * @return bytes sent to the shards so far
   */
  @Benchmark
  @OperationsPerInvocation(SpanSample.PROD_SPANS)
  public long prod(Prod stage) {
    return stage.acceptAndFlush();
  }

  /** The stage under {@link Shape#STANDARD}. */
  public static class Standard extends Stage {
    public Standard() {
      super(Shape.STANDARD);
    }
  }

  /** The stage under {@link Shape#PROD}, by processes of each service: 820 and 8,200 label sets. */
  public static class Prod extends Stage {
    @Param({"1", "10"})
    public int instances;

    public Prod() {
      super(Shape.PROD);
    }

    @Override
    int instances() {
      return instances;
    }
  }

  /** A first stage and what it reads. */
  @State(Scope.Thread)
  public abstract static class Stage {
    private final Shape shape;
    private @Nullable SpanSample sample;
    private final CountedOutput output = new CountedOutput();
    private final PartitionAggregate aggregate;
    private long nowMillis = 1_767_225_600_000L;
    private long offset;

    Stage(Shape shape) {
      this.shape = shape;
      AggregateSettings settings = settings(shape);
      aggregate =
          new PartitionAggregate(
              settings,
              SettingsByWindow.always(settings.tenants(SeriesLimits.NONE)),
              0,
              4,
              new HeapStore(),
              output);
    }

    private static AggregateSettings settings(Shape shape) {
      try {
        Path directory = Files.createTempDirectory("weir-jmh-");
        List<String> flags = new ArrayList<>(shape.flags(directory));
        flags.addAll(List.of("--kafka-bootstrap-servers", "none:1"));
        ConfigDef definition = StreamsSettings.define(new ConfigDef());
        return StreamsSettings.from(SettingsLoader.load(definition, flags, Map.of())).aggregate();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int instances() {
      return 1;
    }

    /** Makes what is read. */
    @Setup(Level.Trial)
    public void makeSample() {
      sample = new SpanSample(shape, instances());
    }

    /** What was read before never pairs with what is read next. */
    @Setup(Level.Invocation)
    public void renewTraces() {
      sample().renewTraces();
    }

    private SpanSample sample() {
      return Objects.requireNonNull(sample, "makeSample was not called");
    }

    long acceptAndFlush() {
      for (byte[] value : sample().records()) {
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
