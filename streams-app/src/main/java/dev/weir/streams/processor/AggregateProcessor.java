package dev.weir.streams.processor;

import dev.weir.schemas.topic.DeadLetterHeaders;
import dev.weir.schemas.topic.GrowthMark;
import dev.weir.schemas.topic.IdleMark;
import dev.weir.schemas.v1.CompleteThrough;
import dev.weir.schemas.v1.Decision;
import dev.weir.schemas.v1.GivenUp;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.idlemark.PartitionEnds;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.rewrite.RewriteCounts;
import dev.weir.streams.telemetry.StreamsMeters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The first stage: a {@link PartitionAggregate} for each partition of spans, flushed before every
 * commit.
 */
public final class AggregateProcessor
    implements Processor<byte @Nullable [], byte @Nullable [], PartitionedKey, byte[]>,
        AggregateOutput {
  private static final Duration IDLE_CHECK = Duration.ofMillis(250);

  /** A partition that was given nothing for so long is quiet. */
  private static final long IDLE_AFTER_MILLIS = 1000;

  private static final byte[] NOTHING = new byte[0];

  private final Settings settings;
  private final byte @Nullable [] fixedTenant;
  private ProcessorContext<PartitionedKey, byte[]>
      context; // set once, in init, as are the following
  private PartitionAggregate aggregate;
  private int partition;
  private long lastGivenMillis;
  private boolean commitRequested;
  private final Deque<Decision> toReplay = new ArrayDeque<>();

  /**
   * What all instances share.
   *
   * @param tenants what is in force for tenants
   * @param sourceTopic topic of spans
   * @param sourcePartitions how many partitions it had at the start
   * @param fixedTenant the tenant of all records, UTF-8; if absent, a record's key says
   * @param quiet how time passes where nothing is written
   * @param stateStore name of the store
   * @param commitHook name of the hook before the commit
   * @param children names of the nodes that take the kinds of output
   */
  public record Settings(
      AggregateSettings aggregate,
      SettingsByWindow tenants,
      String sourceTopic,
      int sourcePartitions,
      Optional<String> fixedTenant,
      TimeOfQuiet quiet,
      StreamsMeters meters,
      String stateStore,
      String commitHook,
      Children children) {}

  /**
   * Names of nodes.
   *
   * @param deltas takes deltas
   * @param halfEdges takes half edges, if they are not paired where they are read
   * @param ledger takes ledger entries
   * @param deadLetters takes records that could not be read
   * @param decisions takes decisions
   * @param spanNames takes what is new in labels, if anybody learns from it
   */
  public record Children(
      String deltas,
      String halfEdges,
      String ledger,
      String deadLetters,
      String decisions,
      Optional<String> spanNames) {}

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private AggregateProcessor(Settings settings) {
    this.settings = settings;
    this.fixedTenant =
        settings.fixedTenant().map(name -> name.getBytes(StandardCharsets.UTF_8)).orElse(null);
  }

  /** Makes one processor for each task. */
  public static ProcessorSupplier<byte @Nullable [], byte @Nullable [], PartitionedKey, byte[]>
      supplier(Settings settings) {
    return new TaskSupplier<>(
        () -> new AggregateProcessor(settings), settings.stateStore(), settings.commitHook());
  }

  /**
   * A task that is revived after its state was found corrupt inits the same instance again:
   * everything starts from the store.
   */
  @Override
  public void init(ProcessorContext<PartitionedKey, byte[]> context) {
    this.context = context;
    partition = context.taskId().partition();
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(settings.stateStore());
    aggregate =
        new PartitionAggregate(
            settings.aggregate(),
            settings.tenants(),
            partition,
            settings.sourcePartitions(),
            new KeyValuePartitionStore(store),
            this);
    CommitHook hook = context.getStateStore(settings.commitHook());
    hook.beforeCommit(context, this::flush);
    lastGivenMillis = context.currentSystemTimeMs();
    // wall clock: a partition without records has no other time
    context.schedule(IDLE_CHECK, PunctuationType.WALL_CLOCK_TIME, this::passTime);
    toReplay.clear();
    if (settings.quiet() instanceof TimeOfQuiet.Replayed replayed) {
      toReplay.addAll(replayed.log().apply(partition));
    }
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> record) {
    lastGivenMillis = context.currentSystemTimeMs();
    if (aggregate.isRepeated(offset(), record.timestamp())) {
      settings.meters().repeated();
      return;
    }
    replayDecisions(offset());
    read(record).ifPresent(reason -> deadLetter(record, reason));
    aggregate.goesOnAt(offset() + 1);
    commitIfWorthIt();
  }

  private long offset() {
    return context.recordMetadata().map(RecordMetadata::offset).orElse(-1L);
  }

  private void commitIfWorthIt() {
    if (aggregate.hasNewlyCompleteWindow() && !commitRequested) {
      commitRequested = true;
      context.commit();
    }
  }

  /** Counts a record; says what is wrong with it if it cannot be read. */
  private Optional<String> read(Record<byte @Nullable [], byte @Nullable []> record) {
    byte[] value = record.value() == null ? NOTHING : record.value();
    if (record.timestamp() < 0) {
      return Optional.of("the record has no timestamp");
    }
    if (IdleMark.isIdleMark(record.headers())) {
      mark(record);
      return Optional.empty();
    }
    if (value.length == 0) {
      aggregate.readEmpty(record.timestamp());
      return Optional.empty();
    }
    return aggregate.accept(tenant(record), value, record.timestamp(), offset());
  }

  private byte[] tenant(Record<byte @Nullable [], ?> record) {
    if (fixedTenant != null) {
      return fixedTenant;
    }
    return record.key() == null ? NOTHING : record.key();
  }

  private void mark(Record<?, ?> record) {
    GrowthMark.of(record.headers())
        .ifPresentOrElse(
            growth -> aggregate.grown(record.timestamp(), growth.before(), growth.after()),
            () -> aggregate.mark(record.timestamp()));
  }

  private void flush() {
    aggregate.flush();
    commitRequested = false;
    settings.meters().waitingHalfEdges(partition, aggregate.waitingHalfEdges());
  }

  private void passTime(long nowMillis) {
    replayDecisions(aggregate.goesOnAt());
    aggregate.wouldGiveUpTo(nowMillis).ifPresent(this::giveUp);
    boolean isQuiet = nowMillis - lastGivenMillis >= IDLE_AFTER_MILLIS;
    if (isQuiet && aggregate.wouldCompleteWindow(nowMillis)) {
      if (settings.quiet() instanceof TimeOfQuiet.Marked marked) {
        lastGivenMillis = nowMillis;
        marked.marker().mark(partition);
      } else if (settings.quiet() instanceof TimeOfQuiet.Decided decided) {
        decided
            .ends()
            .take(partition)
            .filter(ends -> ends.isReachedBy(aggregate.goesOnAt()))
            .filter(ends -> aggregate.wouldCompleteWindow(ends.askedAtMillis()))
            .ifPresentOrElse(this::decide, () -> decided.ends().ask(partition));
      }
    }
    commitIfWorthIt();
  }

  /**
   * Everything that was there when the end was asked for has been read. The decision is in the
   * transaction that carries its consequences, so it is logged if and only if it has any.
   */
  private void decide(PartitionEnds.Ends ends) {
    aggregate.mark(ends.askedAtMillis());
    log(
        Decision.newBuilder()
            .setCompleteThrough(
                CompleteThrough.newBuilder()
                    .setTopic(settings.sourceTopic())
                    .setPartition(partition)
                    .setEndOffset(aggregate.goesOnAt())
                    .setCompleteThroughUnixMillis(ends.askedAtMillis())));
  }

  /** Windows have waited long enough for this partition, which still has records of them. */
  private void giveUp(long openFromMillis) {
    aggregate.giveUpTo(openFromMillis);
    settings.meters().gaveUp();
    log(
        Decision.newBuilder()
            .setGivenUp(
                GivenUp.newBuilder()
                    .setTopic(settings.sourceTopic())
                    .setPartition(partition)
                    .setBeforeOffset(aggregate.goesOnAt())
                    .setOpenFromUnixMillis(openFromMillis)));
  }

  private void log(Decision.Builder decision) {
    forward(
        partition,
        settings.sourceTopic().getBytes(StandardCharsets.UTF_8),
        decision.build().toByteArray(),
        settings.children().decisions());
  }

  /** Makes the decisions again that were made before the record at {@code offset} was read. */
  private void replayDecisions(long offset) {
    while (!toReplay.isEmpty() && offsetOf(toReplay.peekFirst()) <= offset) {
      Decision decision = toReplay.removeFirst();
      if (decision.hasGivenUp()) {
        aggregate.giveUpTo(decision.getGivenUp().getOpenFromUnixMillis());
      } else {
        replay(decision.getCompleteThrough().getCompleteThroughUnixMillis());
      }
    }
  }

  private void replay(long completeThroughMillis) {
    if (completeThroughMillis > aggregate.nowMillis()) { // else it was made before a restart
      aggregate.mark(completeThroughMillis);
    }
  }

  private static long offsetOf(Decision decision) {
    return decision.hasGivenUp()
        ? decision.getGivenUp().getBeforeOffset()
        : decision.getCompleteThrough().getEndOffset();
  }

  @Override
  public void deltas(int shard, byte[] batch) {
    forward(shard, PartitionedKey.bytesOf(shard), batch, settings.children().deltas());
  }

  @Override
  public void halfEdges(int toPartition, byte[] bundle) {
    forward(
        toPartition, PartitionedKey.bytesOf(toPartition), bundle, settings.children().halfEdges());
  }

  @Override
  public void ledger(LedgerEntry entry) {
    settings.meters().booked(entry);
    forward(
        partition,
        entry.getTenant().getBytes(StandardCharsets.UTF_8),
        entry.toByteArray(),
        settings.children().ledger());
  }

  /** That topic has one partition. */
  @Override
  public void labelObservations(byte[] tenant, byte[] observations) {
    settings.children().spanNames().ifPresent(child -> forward(0, tenant, observations, child));
  }

  @Override
  public void rewritten(byte[] tenant, RewriteCounts counts) {
    settings.meters().rewritten(new String(tenant, StandardCharsets.UTF_8), counts);
  }

  private void forward(int toPartition, byte[] key, byte[] value, String child) {
    context.forward(
        new Record<>(new PartitionedKey(toPartition, key), value, aggregate.nowMillis()), child);
  }

  private void deadLetter(Record<byte @Nullable [], byte @Nullable []> record, String reason) {
    settings.meters().deadLetter();
    Headers headers = new RecordHeaders(record.headers());
    header(headers, DeadLetterHeaders.TOPIC, settings.sourceTopic());
    header(headers, DeadLetterHeaders.PARTITION, Integer.toString(partition));
    header(headers, DeadLetterHeaders.OFFSET, Long.toString(offset()));
    header(headers, DeadLetterHeaders.TIMESTAMP, Long.toString(record.timestamp()));
    header(headers, DeadLetterHeaders.REASON, reason);
    byte[] key = record.key() == null ? NOTHING : record.key();
    byte[] value = record.value() == null ? NOTHING : record.value();
    long timestamp = Math.max(0, record.timestamp());
    context.forward(
        new Record<>(new PartitionedKey(partition, key), value, timestamp, headers),
        settings.children().deadLetters());
  }

  private static void header(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    settings.meters().partitionLeft(partition);
  }
}
