package dev.weir.streams.processor;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionPairing;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.rewrite.RewriteCounts;
import dev.weir.streams.telemetry.StreamsMeters;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Between the two stages, if the topic of spans is not routed by trace: a {@link PartitionPairing}
 * for each partition of half edges, flushed before every commit.
 */
public final class PairingProcessor
    implements Processor<PartitionedKey, byte[], PartitionedKey, byte[]>, AggregateOutput {
  private final Settings settings;
  private ProcessorContext<PartitionedKey, byte[]>
      context; // set once, in init, as are the following
  private PartitionPairing pairing;
  private NextOffset nextOffset;
  private int partition;
  private boolean commitRequested;

  /**
   * What all instances share.
   *
   * @param tenants what is in force for tenants
   * @param sourcePartitions how many partitions the topic of spans had at the start
   * @param stateStore name of the store
   * @param commitHook name of the hook before the commit
   * @param deltas name of the node that takes deltas
   * @param ledger name of the node that takes ledger entries
   * @param spanNames name of the node that takes what is new in labels, if anybody learns from it
   */
  public record Settings(
      AggregateSettings aggregate,
      SettingsByWindow tenants,
      int sourcePartitions,
      StreamsMeters meters,
      String stateStore,
      String commitHook,
      String deltas,
      String ledger,
      Optional<String> spanNames) {}

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private PairingProcessor(Settings settings) {
    this.settings = settings;
  }

  /** Makes one processor for each task. */
  public static ProcessorSupplier<PartitionedKey, byte[], PartitionedKey, byte[]> supplier(
      Settings settings) {
    return new TaskSupplier<>(
        () -> new PairingProcessor(settings), settings.stateStore(), settings.commitHook());
  }

  @Override
  public void init(ProcessorContext<PartitionedKey, byte[]> context) {
    this.context = context;
    partition = context.taskId().partition();
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(settings.stateStore());
    pairing =
        new PartitionPairing(
            settings.aggregate(),
            settings.tenants(),
            partition,
            settings.sourcePartitions(),
            new KeyValuePartitionStore(store),
            this);
    nextOffset = new NextOffset(store);
    commitRequested = false;
    CommitHook hook = context.getStateStore(settings.commitHook());
    hook.beforeCommit(context, this::flush);
  }

  @Override
  public void process(Record<PartitionedKey, byte[]> record) {
    if (context.recordMetadata().filter(nextOffset::isRepeated).isPresent()) {
      settings.meters().repeated();
      return;
    }
    pairing.accept(record.value());
    if (pairing.hasNewlyCompleteWindow() && !commitRequested) {
      commitRequested = true;
      context.commit();
    }
  }

  private void flush() {
    pairing.flush();
    nextOffset.flush();
    commitRequested = false;
    settings.meters().waitingHalfEdges(-1 - partition, pairing.waitingHalfEdges());
  }

  @Override
  public void deltas(int shard, byte[] batch) {
    forward(shard, PartitionedKey.bytesOf(shard), batch, settings.deltas());
  }

  /** The ledger has as many partitions as the topic of spans, or more. */
  @Override
  public void ledger(LedgerEntry entry) {
    settings.meters().booked(entry);
    forward(
        partition % settings.sourcePartitions(),
        entry.getTenant().getBytes(StandardCharsets.UTF_8),
        entry.toByteArray(),
        settings.ledger());
  }

  /** That topic has one partition. */
  @Override
  public void labelObservations(byte[] tenant, byte[] observations) {
    settings.spanNames().ifPresent(child -> forward(0, tenant, observations, child));
  }

  @Override
  public void rewritten(byte[] tenant, RewriteCounts counts) {
    settings.meters().rewritten(new String(tenant, StandardCharsets.UTF_8), counts);
  }

  private void forward(int toPartition, byte[] key, byte[] value, String child) {
    context.forward(
        new Record<>(new PartitionedKey(toPartition, key), value, pairing.pairedToMillis()), child);
  }

  @Override
  public void close() {
    settings.meters().partitionLeft(-1 - partition);
  }
}
