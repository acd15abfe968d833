package dev.weir.ingester.consumer;

import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.config.IngesterSettings;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of spans as a member of a consumer group, on a thread of its own, until it is
 * closed: when Kafka refuses, it begins anew after a pause. Offsets are committed only after the
 * segment with their records is in the backend.
 */
public final class SpansConsumer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpansConsumer.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

  /** A loop that has not turned for so long is stuck. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  private final IngesterSettings settings;
  private final LiveTraces liveTraces;
  private final SegmentUploads uploads;
  private final IngesterMetrics metrics;
  private final InstantSource clock;
  private final Thread thread = new Thread(this::run, "ingester-consumer");
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Whether the thread asks for the topic, which blocks long if no broker answers. */
  private volatile boolean asksForTopic = true;

  private volatile KafkaState state = new KafkaState(-1, Instant.MIN, "not started");

  public SpansConsumer(
      IngesterSettings settings,
      LiveTraces liveTraces,
      SegmentStore segments,
      IngesterMetrics metrics,
      InstantSource clock) {
    this.settings = settings;
    this.liveTraces = liveTraces;
    this.uploads = new SegmentUploads(segments, liveTraces, metrics);
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Begins to read; returns at once. */
  public void start() {
    uploads.start();
    thread.start();
  }

  /** Whether it is part of the group and polls, and whether the backend took the latest segment. */
  public Readiness readiness() {
    return () -> List.of(kafka(), backend());
  }

  /** Writes and commits what was read, within the shutdown timeout, then leaves the group. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      while (asksForTopic && thread.isAlive()) {
        thread.interrupt(); // more than once, as the closing of the admin client waits as well
        thread.join(100);
      }
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    uploads.close();
  }

  private Readiness.Check kafka() {
    KafkaState now = state;
    boolean turning = clock.instant().isBefore(now.at().plus(STUCK));
    return new Readiness.Check("kafka", now.partitions() >= 0 && turning, now.detail());
  }

  private Readiness.Check backend() {
    return uploads
        .lastFailure()
        .map(failure -> new Readiness.Check("backend", false, failure))
        .orElseGet(() -> new Readiness.Check("backend", true, "writable"));
  }

  private void run() {
    while (!isStopping()) {
      try {
        ensureTopic();
        consume();
      } catch (InterruptException e) {
        return;
      } catch (KafkaException e) {
        LOG.warn("reading {} failed and begins anew: {}", topicName(), e.toString());
        pauseAfter(e);
      } catch (RuntimeException e) { // a bug; whatever it is, reading must go on
        LOG.error("reading {} failed and begins anew", topicName(), e);
        pauseAfter(e);
      }
    }
  }

  private void ensureTopic() {
    TopicSettings topic = settings.topic();
    asksForTopic = true;
    state = new KafkaState(-1, clock.instant(), "asking the brokers for the topic");
    Topics.ensure(topic.kafkaClient(), List.of(topic.spans()));
    asksForTopic = false;
  }

  private void consume() {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      PollLoop loop = loop(consumer);
      try {
        loop.subscribe();
        while (!isStopping()) {
          loop.turn();
          state = KafkaState.turned(loop.assigned(), clock.instant());
        }
      } finally {
        loop.finish();
      }
    }
  }

  private PollLoop loop(Consumer<byte[], byte[]> consumer) {
    TopicSettings topic = settings.topic();
    return new PollLoop(
        consumer,
        topicName(),
        new RecordIngest(topic, liveTraces, metrics, clock),
        liveTraces,
        uploads,
        settings.liveMaxBytes(),
        settings.shutdownTimeout(),
        metrics);
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-ingester");
    // partitions that stay need not be cut when the group changes
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    config.putAll(settings.topic().kafkaClient());
    config.putAll(settings.membership().consumerConfig());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private String topicName() {
    return settings.topic().spans().name();
  }

  private void pauseAfter(RuntimeException failure) {
    state = new KafkaState(-1, clock.instant(), String.valueOf(failure.getMessage()));
    try {
      stopping.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The consumer as its thread saw it last.
   *
   * @param partitions assigned; negative if the group has not assigned any yet, not even none
   * @param at when
   * @param detail in words
   */
  private record KafkaState(int partitions, Instant at, String detail) {
    static KafkaState turned(int partitions, Instant at) {
      return new KafkaState(
          partitions, at, partitions < 0 ? "joining" : partitions + " partitions assigned");
    }
  }
}
