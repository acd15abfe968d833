package dev.weir.distributor.publisher;

import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.distribution.RefusedException;
import dev.weir.distributor.distribution.SpanLog;
import dev.weir.distributor.distribution.SpanRecord;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of spans. Makes the topic if it is missing, for as long as the broker is away in the
 * background; a failed produce makes it look again, so readiness returns without traffic. {@link
 * #append} is thread-safe; started and closed by one thread.
 */
public final class KafkaSpanLog implements SpanLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSpanLog.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final String CONNECTED = "connected";

  private final Map<String, Object> adminConfig;
  private final Map<String, Object> producerConfig;
  private final TopicContract topic;
  private final Duration closeWithin;
  private final PublisherObserver observer;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread watch = new Thread(this::watch, "weir-distributor-kafka");

  private volatile @Nullable Producer<byte[], byte[]> producer; // set once, by the watch
  private volatile String state = "not connected yet";

  /**
   * @param closeWithin how long {@link #close} waits for records that are on their way
   */
  public KafkaSpanLog(
      Map<String, Object> adminConfig,
      Map<String, Object> producerConfig,
      TopicContract topic,
      Duration closeWithin,
      PublisherObserver observer) {
    this.adminConfig = adminConfig;
    this.producerConfig = producerConfig;
    this.topic = topic;
    this.closeWithin = closeWithin;
    this.observer = observer;
  }

  /** Begins to look for the broker and returns at once. */
  public void start() {
    watch.setDaemon(true);
    watch.start();
  }

  /** Whether the topic is there and the last word from the broker was a good one. */
  public boolean isConnected() {
    return state.equals(CONNECTED);
  }

  /** What {@link #isConnected} follows from, in a few words. */
  public String state() {
    return state;
  }

  @Override
  public int partitions() throws RefusedException {
    try {
      return connected().partitionsFor(topic.name()).size();
    } catch (KafkaException | IllegalStateException e) {
      throw new RefusedException(failed(e));
    }
  }

  @Override
  public CompletableFuture<Optional<Outcome.Refusal>> append(byte[] key, List<SpanRecord> records) {
    Acknowledgements acknowledgements = new Acknowledgements(records.size());
    records.forEach(record -> send(key, record, acknowledgements));
    return acknowledgements.all();
  }

  /** Waits for what is on its way, then closes the connections. */
  @Override
  public void close() {
    closing.countDown();
    watch.interrupt();
    try {
      watch.join(closeWithin.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Producer<byte[], byte[]> last = producer;
    if (last != null) {
      last.close(closeWithin);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback says the same
  private void send(byte[] key, SpanRecord record, Acknowledgements acknowledgements) {
    try {
      connected()
          .send(
              new ProducerRecord<>(topic.name(), record.partition(), key, record.value()),
              (metadata, failure) -> {
                if (failure == null) {
                  stored(acknowledgements);
                } else {
                  acknowledgements.refused(failed(failure));
                }
              });
    } catch (KafkaException | IllegalStateException e) { // the callback is not called then
      acknowledgements.refused(failed(e));
    } catch (RefusedException e) {
      acknowledgements.refused(e.refusal());
    }
  }

  private void stored(Acknowledgements acknowledgements) {
    state = CONNECTED;
    observer.produced();
    acknowledgements.stored();
  }

  private Outcome.Refusal failed(Exception cause) {
    ProduceFailure failure = ProduceFailure.of(cause);
    observer.failed(failure);
    if (failure.isKafkaAway()) {
      away(cause);
    }
    return failure.refusal(cause);
  }

  private Producer<byte[], byte[]> connected() throws RefusedException {
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      throw new RefusedException(
          new Outcome.Unavailable(
              RETRY_AFTER, "the topic %s is not known: %s".formatted(topic.name(), state)));
    }
    return current;
  }

  private void watch() {
    try {
      do {
        if (!isConnected()) {
          look();
        }
      } while (!closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      int partitions = Topics.ensure(adminConfig, List.of(topic)).getOrDefault(topic.name(), 0);
      if (producer == null) {
        producer =
            new KafkaProducer<>(
                producerConfig, new ByteArraySerializer(), new ByteArraySerializer());
      }
      state = CONNECTED;
      LOG.info("publishing to topic {} with {} partitions", topic.name(), partitions);
    } catch (InterruptException e) {
      LOG.debug("the look for topic {} ends", topic.name()); // the thread stays interrupted
    } catch (RuntimeException e) { // the outermost loop of this thread: it must look again
      away(e);
    }
  }

  private void away(Exception cause) {
    String reason = String.valueOf(cause.getMessage());
    if (isConnected() || !state.equals(reason)) {
      LOG.warn("spans cannot be published to topic {}: {}", topic.name(), reason);
    }
    state = reason;
  }
}
