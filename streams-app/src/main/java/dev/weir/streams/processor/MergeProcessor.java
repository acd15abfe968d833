package dev.weir.streams.processor;

import dev.weir.streams.cardinality.ShardCardinality;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.merge.SampleOutput;
import dev.weir.streams.merge.SeriesStore;
import dev.weir.streams.merge.ShardMerge;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.telemetry.StreamsMeters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The second stage: a {@link ShardMerge} for each shard, flushed before every commit. Closing a
 * large window takes several calls, between which the task may commit.
 */
public final class MergeProcessor
    implements Processor<PartitionedKey, byte[], PartitionedKey, byte[]>, SampleOutput {
  private static final Duration GO_ON_CLOSING = Duration.ofMillis(20);

  /** Some tens of milliseconds of work. */
  private static final int SLICES_AT_ONCE = 20;

  private final Settings settings;
  private ProcessorContext<PartitionedKey, byte[]>
      context; // set once, in init, as are the following
  private ShardMerge merge;
  private NextOffset nextOffset;
  private final Set<String> tenants = new HashSet<>();
  private int shard;
  private long timeMillis;
  private long reportedLate;
  private boolean closing;

  /**
   * What all instances share.
   *
   * @param tenants what is in force for tenants
   * @param stateStore name of the store
   * @param commitHook name of the hook before the commit
   */
  public record Settings(
      MergeSettings merge,
      SettingsByWindow tenants,
      StreamsMeters meters,
      String stateStore,
      String commitHook) {}

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private MergeProcessor(Settings settings) {
    this.settings = settings;
  }

  /** Makes one processor for each task. */
  public static ProcessorSupplier<PartitionedKey, byte[], PartitionedKey, byte[]> supplier(
      Settings settings) {
    return new TaskSupplier<>(
        () -> new MergeProcessor(settings), settings.stateStore(), settings.commitHook());
  }

  @Override
  public void init(ProcessorContext<PartitionedKey, byte[]> context) {
    this.context = context;
    shard = context.taskId().partition();
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(settings.stateStore());
    ShardCardinality cardinality = settings.merge().newCardinality();
    merge =
        new ShardMerge(
            settings.merge(), settings.tenants(), shard, cardinality, new Store(store), this);
    settings.meters().series().shard(shard, cardinality);
    reportedLate = 0;
    tenants.clear();
    closing(true); // a predecessor may have left a window half closed
    CommitHook hook = context.getStateStore(settings.commitHook());
    nextOffset = new NextOffset(store);
    hook.beforeCommit(context, this::flush);
    // wall clock: what remains to be closed does not wait for another record
    context.schedule(GO_ON_CLOSING, PunctuationType.WALL_CLOCK_TIME, now -> goOnClosing());
  }

  @Override
  public void process(Record<PartitionedKey, byte[]> record) {
    if (context.recordMetadata().filter(nextOffset::isRepeated).isPresent()) {
      settings.meters().repeated();
      return;
    }
    timeMillis = record.timestamp();
    merge.accept(record.value());
    closing(true);
    goOnClosing();
  }

  private void flush() {
    merge.flush();
    nextOffset.flush();
  }

  private void goOnClosing() {
    if (!closing) {
      return;
    }
    var before = merge.completeThroughMillis();
    closing(merge.closeSlices(SLICES_AT_ONCE));
    settings
        .meters()
        .shard(
            shard,
            merge.completeThroughMillis(),
            merge.activeLabelSets(),
            merge.lateDeltas() - reportedLate);
    reportedLate = merge.lateDeltas();
    if (!before.equals(merge.completeThroughMillis())) {
      settings.meters().series().usage(shard, merge.takeUsage(), context.currentSystemTimeMs());
      settings.meters().tenants(shard, Set.copyOf(tenants));
      tenants.clear();
      context.commit(); // samples of a closed window should not wait for the interval
    }
  }

  private void closing(boolean isClosing) {
    closing = isClosing;
    settings.meters().closing(shard, isClosing);
  }

  @Override
  public void samples(byte[] tenant, byte[] request) {
    tenants.add(new String(tenant, StandardCharsets.UTF_8));
    context.forward(new Record<>(new PartitionedKey(shard, tenant), request, timeMillis));
  }

  @Override
  public void close() {
    settings.meters().shardLeft(shard);
  }

  /** The task's store as the domain sees it. */
  private record Store(KeyValueStore<Bytes, byte[]> store) implements SeriesStore {
    @Override
    public byte @Nullable [] get(byte[] key) {
      return store.get(Bytes.wrap(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
      store.put(Bytes.wrap(key), value);
    }

    @Override
    public void delete(byte[] key) {
      store.delete(Bytes.wrap(key));
    }

    @Override
    public void scan(byte[] from, Visitor visitor) {
      try (KeyValueIterator<Bytes, byte[]> range = store.range(Bytes.wrap(from), null)) {
        boolean more = true;
        while (more && range.hasNext()) {
          KeyValue<Bytes, byte[]> next = range.next();
          more = visitor.entry(next.key.get(), next.value);
        }
      }
    }
  }
}
