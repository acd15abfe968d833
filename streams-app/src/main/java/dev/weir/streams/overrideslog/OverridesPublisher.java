package dev.weir.streams.overrideslog;

import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.VersionForm;
import dev.weir.streams.overrides.VersionLog;
import dev.weir.streams.overrides.Versions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends versions, from any process. All use the same transactional id: whoever begins fences who
 * was there before, reads everything, decides, and appends; who is fenced in between has appended
 * nothing and starts over. So a version is always decided upon with all its predecessors in view.
 * Thread-safe.
 */
public final class OverridesPublisher implements VersionLog {
  private static final Logger LOG = LoggerFactory.getLogger(OverridesPublisher.class);

  /** Readers wait for an open transaction; one whose process died must not hold them up. */
  private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

  private static final int MAX_RECORD_BYTES = 16_000_000;

  private static final int MAX_NAMELESS_ERRORS = 5;

  private final Map<String, Object> config;
  private final String topic;
  private final OverridesLog log;
  private final Duration ahead;

  /**
   * @param kafkaClient configuration for Kafka's clients
   * @param log of the same topic
   * @param ahead how far ahead of the broker's clock spans may be read; versions come into force so
   *     much later
   */
  public OverridesPublisher(
      Map<String, Object> kafkaClient, String topic, OverridesLog log, Duration ahead) {
    this.config = new HashMap<>(kafkaClient);
    this.ahead = ahead;
    this.topic = topic;
    this.log = log;
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic + "-publisher");
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
  }

  /**
   * @throws KafkaException if the broker does not answer
   */
  @Override
  public Versions upToDate() {
    log.readToEnd();
    return log.versions();
  }

  /**
   * @return the version that was appended and read back
   * @throws KafkaException if the broker does not answer; the version may have been appended
   */
  @Override
  public synchronized Optional<OverridesVersion> publish(
      Function<Versions, Optional<OverridesVersion>> decision) {
    for (int namelessErrors = 0; ; ) {
      try (Producer<byte[], byte[]> producer =
          new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
        return publish(producer, decision);
      } catch (KafkaException e) {
        namelessErrors += isNameless(e) ? 1 : 0;
        boolean startsOver = isNameless(e) ? namelessErrors <= MAX_NAMELESS_ERRORS : isFenced(e);
        if (!startsOver) {
          throw e;
        }
        LOG.info("another process appends to {}: starting over", topic);
      }
    }
  }

  /** Which of these it is depends on where in the transaction the other process came. */
  private static boolean isFenced(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException
          || cause instanceof InvalidTxnStateException
          || cause instanceof ConcurrentTransactionsException) {
        return true;
      }
    }
    return false;
  }

  /**
   * A broker that is about to fence a producer may answer the end of its transaction with an error
   * that it has no name for. What became of the transaction is settled when the next producer
   * begins, and then it is read whether the version is there.
   */
  private static boolean isNameless(KafkaException thrown) {
    return thrown instanceof UnknownServerException
        || (thrown.getClass() == KafkaException.class && thrown.getCause() == null);
  }

  private Optional<OverridesVersion> publish(
      Producer<byte[], byte[]> producer, Function<Versions, Optional<OverridesVersion>> decision) {
    producer.initTransactions();
    log.readToEnd();
    Optional<OverridesVersion> next = decision.apply(log.versions());
    if (next.isPresent()) {
      OverridesVersion version = next.get();
      byte[] key =
          version.source().name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
      producer.beginTransaction();
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, 0, key, VersionForm.write(version));
      AheadHeader.put(record.headers(), ahead);
      var unused = producer.send(record);
      producer.commitTransaction(); // throws what sending did
      log.readToEnd();
      LOG.info("version {} of the overrides published, by {}", version.number(), version.source());
    }
    return next;
  }
}
