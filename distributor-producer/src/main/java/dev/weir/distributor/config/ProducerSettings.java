package dev.weir.distributor.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.schemas.topic.TopicContract;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * How records are produced.
 *
 * @param compression of batches, a name that Kafka knows
 * @param linger how long a batch waits for more records
 * @param deliveryTimeout after which a record that Kafka did not acknowledge is given up
 * @param maxRecordBytes most that the value of a record may have
 */
public record ProducerSettings(
    String compression, Duration linger, Duration deliveryTimeout, int maxRecordBytes) {
  /** What readers made for Tempo's records expect at most, in bytes. */
  static final int LARGEST_RECORD = TopicContract.MAX_SPANS_RECORD_BYTES - 16_384;

  private static final String COMPRESSION = "producer.compression";
  private static final String LINGER = "producer.linger";
  private static final String DELIVERY_TIMEOUT = "producer.delivery.timeout";
  private static final String MAX_RECORD_SIZE = "producer.max.record.size";

  /** How long a worker waits when buffer or metadata are missing; requests queue meanwhile. */
  private static final int MAX_BLOCK_MS = 1_000;

  /** Room for open batches of many partitions besides the requests in flight. */
  private static final long BATCH_ROOM = 32L << 20;

  private static final int BATCH_BYTES = 128 << 10;

  /** New partitions are written to after this time at the latest. */
  private static final int METADATA_MAX_AGE_MS = 30_000;

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            COMPRESSION,
            ConfigDef.Type.STRING,
            "lz4",
            ConfigDef.ValidString.in("none", "gzip", "snappy", "lz4", "zstd"),
            Importance.LOW,
            "Compression of batches of spans.")
        .define(
            LINGER,
            ConfigDef.Type.STRING,
            "5ms",
            Durations.between("0ms", "1s"),
            Importance.LOW,
            "How long a batch of spans waits for more; part of every request's duration.")
        .define(
            DELIVERY_TIMEOUT,
            ConfigDef.Type.STRING,
            "10s",
            Durations.between("2s", "5m"),
            Importance.MEDIUM,
            "After this time without Kafka's acknowledgement a request is told to try again.")
        .define(
            MAX_RECORD_SIZE,
            ConfigDef.Type.INT,
            LARGEST_RECORD,
            ConfigDef.Range.between(65_536, LARGEST_RECORD),
            Importance.LOW,
            "Largest record of spans in bytes; larger ones are split. The topic's"
                + " max.message.bytes must be larger.");
  }

  static ProducerSettings from(Settings settings) {
    return new ProducerSettings(
        settings.string(COMPRESSION),
        settings.duration(LINGER),
        settings.duration(DELIVERY_TIMEOUT),
        settings.integer(MAX_RECORD_SIZE));
  }

  /**
   * Configuration of Kafka's producer.
   *
   * @param kafkaClient what the operator set for Kafka's clients; what our promises rest on, and
   *     what has a setting above, cannot be changed there
   * @param maxInflightBytes of all requests, so that the buffer is never what they wait for
   */
  public Map<String, Object> producerConfig(
      Map<String, Object> kafkaClient, long maxInflightBytes) {
    Map<String, Object> config = new TreeMap<>(kafkaClient);
    config.keySet().retainAll(ProducerConfig.configNames());
    config.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "weir-distributor");
    config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.putIfAbsent(ProducerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MS);
    config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, maxInflightBytes + BATCH_ROOM);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicContract.MAX_SPANS_RECORD_BYTES + 16_384);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
    config.put(ProducerConfig.LINGER_MS_CONFIG, linger.toMillis());
    int deliveryMs = (int) deliveryTimeout.toMillis();
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMs);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliveryMs / 2);
    return config;
  }
}
