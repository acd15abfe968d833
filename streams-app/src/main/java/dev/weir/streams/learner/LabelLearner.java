package dev.weir.streams.learner;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.overrides.LabelLearning;
import dev.weir.streams.rewrite.RewriteLearner;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from the topic of observations, on a thread of its own. All instances are members of one
 * consumer group; the topic has one partition, so one of them learns and the others wait. Nothing
 * is committed: whoever gets the partition begins with what was published last, and reads once more
 * what was observed within the learner's memory. One that has lost the partition and does not know
 * it yet finds that somebody else has published, and begins anew.
 */
public final class LabelLearner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabelLearner.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration READ_AGAIN = RewriteLearner.MEMORY.plus(RewriteLearner.TOLD_ANEW);

  /** A version makes every task build its tables anew, so there should not be one a window. */
  private static final int WINDOWS_BETWEEN_VERSIONS = 4;

  private final Map<String, Object> config;
  private final TopicPartition partition;
  private final long periodMillis;
  private final Supplier<LabelLearning> newLearning;
  private final Clock clock;
  private final LearnerMeters meters;
  private final Thread thread = new Thread(this::run, "label-learner");
  private volatile boolean closed;
  private volatile @Nullable Consumer<byte[], byte[]> current;
  private @Nullable LabelLearning learning; // by the thread only, as are the following
  private boolean isOurs;
  private long publishedAtMillis;

  /**
   * @param kafkaClient configuration for Kafka's clients
   * @param topic of observations; must exist, with one partition
   * @param group of the instances
   * @param window length of a window
   * @param newLearning begins with what was published last; may block
   */
  public LabelLearner(
      Map<String, Object> kafkaClient,
      String topic,
      String group,
      Duration window,
      Supplier<LabelLearning> newLearning,
      Clock clock,
      LearnerMeters meters) {
    this.config = new HashMap<>(kafkaClient);
    this.partition = new TopicPartition(topic, 0);
    this.periodMillis = window.multipliedBy(WINDOWS_BETWEEN_VERSIONS).toMillis();
    this.newLearning = newLearning;
    this.clock = clock;
    this.meters = meters;
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed && !Thread.currentThread().isInterrupted()) {
      try (Consumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        current = consumer;
        consumer.subscribe(List.of(partition.topic()), new Assignment());
        while (!closed) {
          round(consumer);
        }
      } catch (WakeupException | InterruptException e) {
        return; // it was closed
      } catch (KafkaException e) {
        LOG.warn("labels are not learned for now: {}", e.toString());
        pause();
      } catch (CorruptLayoutException e) {
        LOG.error("labels cannot be learned; what was learned stays in force: {}", e.toString());
        pause();
      } finally {
        ends();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was closed
    }
  }

  private void round(Consumer<byte[], byte[]> consumer) {
    var records = consumer.poll(POLL);
    if (!isOurs) {
      return;
    }
    LabelLearning ours = learning;
    if (ours == null) {
      begin(consumer);
      return;
    }
    records.forEach(record -> learn(ours, record));
    long now = clock.millis();
    if (now - publishedAtMillis >= periodMillis && isAtEnd(consumer)) {
      publishedAtMillis = now;
      if (!ours.publish(now)) {
        LOG.info("somebody else has published what was learned of labels: starting over");
        learning = null;
      }
      meters.figures(ours.takeFigures(now));
    }
  }

  /** What was read until now of a partition that is read from another place is read once more. */
  private void begin(Consumer<byte[], byte[]> consumer) {
    learning = newLearning.get();
    long since = clock.millis() - READ_AGAIN.toMillis();
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    OffsetAndTimestamp from =
        consumer.offsetsForTimes(Map.of(partition, since)).get(partition); // null if there is none
    consumer.seek(partition, from == null ? end : from.offset());
    publishedAtMillis = clock.millis();
    LOG.info("labels are learned here");
  }

  /** Nothing is published of half of what is to be learned again. */
  private boolean isAtEnd(Consumer<byte[], byte[]> consumer) {
    return consumer.currentLag(partition).orElse(1) == 0;
  }

  private static void learn(LabelLearning ours, ConsumerRecord<byte[], byte[]> record) {
    try {
      ours.learn(
          new String(record.key(), StandardCharsets.UTF_8), record.value(), record.timestamp());
    } catch (CorruptLayoutException e) {
      LOG.warn("what was observed at offset {} cannot be read: {}", record.offset(), e.toString());
    }
  }

  private void ends() {
    isOurs = false;
    learning = null;
    meters.figures(Map.of());
    meters.isHere(false);
  }

  private final class Assignment implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (partitions.contains(partition)) {
        isOurs = true;
        learning = null;
        meters.isHere(true);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (partitions.contains(partition)) {
        ends();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup(); // so that it leaves its group, and another instance goes on at once
    }
    try {
      thread.join(PATIENCE.toMillis());
      thread.interrupt();
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
