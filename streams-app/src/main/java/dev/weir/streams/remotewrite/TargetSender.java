package dev.weir.streams.remotewrite;

import dev.weir.app.lifecycle.Readiness;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the outbox to one target: a consumer of a group of its own on a thread of its own, and a
 * small pool that sends. Offsets are committed once a second, never past a record that is not
 * delivered.
 */
final class TargetSender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TargetSender.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration BEFORE_RESTART = Duration.ofSeconds(2);

  private final RemoteWriteTarget target;
  private final String topic;
  private final Map<String, Object> consumerConfig;
  private final SenderMetrics metrics;
  private final TargetState state;
  private final StartOffsets startOffsets;
  private final HttpExchange exchange;
  private final Clock clock;
  private final RandomGenerator random;

  /** What stood before these offsets when a partition came here may have been sent before. */
  private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private final ScheduledThreadPoolExecutor pool;
  private volatile boolean consuming = true;

  TargetSender(
      RemoteWriteTarget target,
      String topic,
      Map<String, Object> consumerConfig,
      SenderMetrics metrics,
      Clock clock,
      RandomGenerator random) {
    this.target = target;
    this.topic = topic;
    this.consumerConfig = consumerConfig;
    this.metrics = metrics;
    this.state = new TargetState(target, metrics, clock);
    this.startOffsets = new StartOffsets(target, metrics, KAFKA_TIMEOUT);
    this.exchange = new HttpExchange(target, metrics, clock);
    this.clock = clock;
    this.random = random;
    this.thread = new Thread(this::run, "weir-sender-" + target.name());
    this.pool = new ScheduledThreadPoolExecutor(target.limits().atOnce(), workers(target.name()));
  }

  void start() {
    thread.start();
  }

  /** A target that is down is no reason to be unready: nothing is lost, and others go on. */
  Readiness.Check check() {
    return new Readiness.Check("remote-write " + target.name(), consuming, state.detail());
  }

  /** Lets {@link #close} of several targets overlap. */
  void stop() {
    stopping.countDown();
  }

  @Override
  public void close() {
    stop();
    try {
      thread.join(PATIENCE.plus(KAFKA_TIMEOUT.multipliedBy(3)).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
    pool.shutdownNow();
  }

  private void run() {
    while (!isStopping()) {
      try {
        consume();
      } catch (RuntimeException e) { // outermost: whatever it is, a new consumer is tried
        consuming = false;
        state.failed("reading the outbox", e);
        pause();
      }
    }
  }

  private void consume() {
    Shards shards = new Shards(this::newShard);
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      consumer.subscribe(List.of(topic), new Rebalance(consumer, shards));
      pollUntilStopped(consumer, shards);
    } finally {
      release(consumer, shards, shards.all());
      consumer.close(CloseOptions.timeout(KAFKA_TIMEOUT));
    }
  }

  private void pollUntilStopped(Consumer<byte[], byte[]> consumer, Shards shards) {
    Instant lastCommit = clock.instant();
    while (!isStopping()) {
      poll(consumer, shards);
      consuming = true;
      shards.steer(consumer);
      metrics.lag(shards.lag(consumer));
      metrics.parked(shards.parked());
      Instant now = clock.instant();
      if (Duration.between(lastCommit, now).abs().compareTo(COMMIT_INTERVAL) >= 0) {
        commit(consumer, shards);
        lastCommit = now;
      }
    }
  }

  private void poll(Consumer<byte[], byte[]> consumer, Shards shards) {
    try {
      shards.add(consumer.poll(POLL));
    } catch (NoOffsetForPartitionException e) {
      startOffsets.startAtEarliest(consumer, e.partitions());
    } catch (OffsetOutOfRangeException e) {
      startOffsets.skipWhatIsGone(consumer, e.offsetOutOfRangePartitions()).forEach(shards::skipTo);
    }
  }

  /** A commit that fails is tried again at the next interval. */
  private static void commit(Consumer<byte[], byte[]> consumer, Shards shards) {
    Map<TopicPartition, OffsetAndMetadata> offsets = shards.uncommitted(shards.all());
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (committed, failure) -> {
            if (failure == null) {
              shards.committed(committed);
            }
          });
    }
  }

  private void release(
      Consumer<byte[], byte[]> consumer, Shards shards, Collection<TopicPartition> partitions) {
    shards.abandon(partitions, PATIENCE);
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets = shards.uncommitted(partitions);
      if (!offsets.isEmpty()) {
        consumer.commitSync(offsets, KAFKA_TIMEOUT);
      }
    } catch (KafkaException e) {
      log.warn(
          "offsets of {} cannot be committed for remote-write target {}; what they stand for is sent once more: {}",
          partitions,
          target,
          e.toString());
    }
    shards.forget(partitions);
  }

  private Shard newShard() {
    Lanes lanes = new Lanes(target.tellsTenantsApart(), this::tenantOf, this::newBackoff);
    return new Shard(Timer.of(pool), lanes, this::delivery, state);
  }

  private Optional<String> tenantOf(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    return Optional.of(OutboxRecord.tenantOf(kafkaRecord)).filter(target.tenants()::includes);
  }

  private Backoff newBackoff() {
    return new Backoff(random, target.limits());
  }

  private Optional<RecordDelivery> delivery(
      ConsumerRecord<byte[], byte[]> kafkaRecord, Backoff backoff) {
    try {
      OutboxRecord outbox = OutboxRecord.of(kafkaRecord);
      boolean sentBefore =
          kafkaRecord.offset()
              < ends.getOrDefault(
                  new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition()), Long.MAX_VALUE);
      return Optional.of(
          new RecordDelivery(relabeled(outbox), sentBefore, exchange, state, backoff));
    } catch (OutboxRecord.MalformedRecordException e) {
      state.malformed(OutboxRecord.placeOf(kafkaRecord), e.reason());
      return Optional.empty();
    }
  }

  private OutboxRecord relabeled(OutboxRecord outbox) {
    Relabeling.Outcome outcome = target.relabeling().apply(outbox.request());
    state.relabeled(outcome, outbox.place());
    return new OutboxRecord(outbox.tenant(), outcome.request(), outbox.place());
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause() {
    try {
      boolean unusedStopped = stopping.await(BEFORE_RESTART.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stop();
    }
  }

  private static ThreadFactory workers(String target) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread worker = new Thread(task, "weir-sender-" + target + "-" + count.incrementAndGet());
      worker.setDaemon(true);
      return worker;
    };
  }

  /** Called by the consumer, on its thread. */
  private final class Rebalance implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;
    private final Shards shards;

    Rebalance(Consumer<byte[], byte[]> consumer, Shards shards) {
      this.consumer = consumer;
      this.shards = shards;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      ends.putAll(consumer.endOffsets(partitions, KAFKA_TIMEOUT));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      release(consumer, shards, partitions);
    }

    /** Somebody else owns them already, so there is nothing to commit. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      shards.abandon(partitions, Duration.ZERO);
      shards.forget(partitions);
    }
  }
}
