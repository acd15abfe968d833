package dev.weir.streams.overrideslog;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.overrides.VersionForm;
import dev.weir.streams.overrides.Versions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the versions of one process, for all its tasks. A version that could be in force in a
 * window was appended before the window in front of it began, or earlier by as much as spans may be
 * ahead of the broker's clock. So once something of the window has been seen, everything that could
 * be in force in it is before the topic's end, and it is enough to read that far, once. The end is
 * that of everything, committed or not: what a transaction has appended has its time, however late
 * it is committed. This takes it for granted that the clocks of brokers differ by less than a
 * window.
 *
 * <p>Of a window that is further ahead than that, nothing is known for good: whoever asks for it is
 * told what is known by now, and later versions are not missed for its sake. Thread-safe.
 */
public final class OverridesLog implements SettingsByWindow, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OverridesLog.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final int TIMEOUT_MILLIS = 5_000;

  /** How old may be what is known of windows that are too far ahead. */
  private static final long FAR_AHEAD_MILLIS = 1_000;

  private final TopicPartition partition;
  private final Versions versions;
  private final Consumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final long aheadMillis;
  private final InstantSource clock;
  private long lastReadMillis;
  private volatile long knownThrough = -1;
  private volatile boolean closed;

  /**
   * @param kafkaClient configuration for Kafka's clients
   * @param topic must exist
   * @param versions without any yet
   * @param ahead how far ahead of the broker's clock spans may be read
   * @param clock keeps about the broker's time
   */
  public OverridesLog(
      Map<String, Object> kafkaClient,
      String topic,
      Versions versions,
      Duration ahead,
      InstantSource clock) {
    this.aheadMillis = ahead.toMillis();
    this.clock = clock;
    this.partition = new TopicPartition(topic, 0);
    this.versions = versions;
    Map<String, Object> config = new HashMap<>(kafkaClient);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    Map<String, Object> adminConfig = new HashMap<>(kafkaClient);
    adminConfig.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    adminConfig.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    this.admin = Admin.create(adminConfig);
  }

  /** The versions that were read so far. */
  public Versions versions() {
    return versions;
  }

  /**
   * Blocks until all is known that could be in force; while the broker is away, too.
   *
   * @throws CorruptLayoutException if a version cannot be read, or one is missing
   */
  @Override
  public EffectiveSettings at(String tenant, long window) {
    if (window > knownThrough) {
      readThrough(window);
    }
    return versions.at(tenant, window);
  }

  private synchronized void readThrough(long window) {
    boolean reported = false;
    while (true) {
      try {
        readIfNew(window);
        return;
      } catch (InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        requireOpen();
        if (!reported) {
          LOG.warn(
              "overrides cannot be read, and nothing of window {} is processed before that: {}",
              window,
              e.toString());
          reported = true;
        }
        pause();
      }
    }
  }

  private void readIfNew(long window) {
    if (window <= knownThrough) {
      return; // another task was faster
    }
    long nowMillis = clock.millis();
    long reachable = versions.windowOf(nowMillis + aheadMillis) + 1;
    if (window <= reachable || nowMillis - lastReadMillis >= FAR_AHEAD_MILLIS) {
      readToEnd();
      lastReadMillis = nowMillis;
      knownThrough = Math.max(knownThrough, Math.min(window, reachable));
    }
  }

  /**
   * Reads everything that has been appended by now, and waits for transactions that are open.
   *
   * @throws CorruptLayoutException if a version cannot be read, or one is missing; whoever reads on
   *     comes to it again
   * @throws KafkaException if the broker does not answer
   */
  public synchronized void readToEnd() {
    long end = end();
    while (consumer.position(partition) < end) {
      requireOpen();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        addOrStayBefore(record);
      }
    }
  }

  /** Nobody may go on without a version that somebody else could not read. */
  private void addOrStayBefore(ConsumerRecord<byte[], byte[]> record) {
    try {
      add(record);
    } catch (CorruptLayoutException e) {
      consumer.seek(partition, record.offset());
      throw e;
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    OverridesVersion version = VersionForm.read(record.value());
    try {
      versions.add(version, record.timestamp() + AheadHeader.millis(record.headers()));
    } catch (IllegalArgumentException e) {
      throw new CorruptLayoutException(
          "the history of overrides in %s is broken at offset %d: %s"
              .formatted(partition.topic(), record.offset(), e.getMessage()));
    }
  }

  private long end() {
    try {
      return admin
          .listOffsets(
              Map.of(partition, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(partition)
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw new KafkaException(
          "the end of %s is not known: %s".formatted(partition.topic(), e.getCause()), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new InterruptException("the reader of overrides is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    admin.close(Duration.ZERO);
    synchronized (this) {
      consumer.close();
    }
  }
}
