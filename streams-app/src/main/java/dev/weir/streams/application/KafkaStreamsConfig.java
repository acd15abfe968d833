package dev.weir.streams.application;

import dev.weir.streams.config.GroupProtocol;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.state.RocksDbMemory;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Kafka Streams' own configuration. The figures were measured with records of 155 KB; see {@code
 * benchmarks}.
 */
final class KafkaStreamsConfig {
  private static final int FETCHED_RECORDS = 100;
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
  private static final int PARTITION_FETCH_BYTES = 4 << 20;
  private static final int LINGER_MILLIS = 100;

  /** New partitions of spans hold windows open until somebody owns them. */
  private static final int NEW_PARTITIONS_WITHIN_MILLIS = 10_000;

  private KafkaStreamsConfig() {}

  static Properties of(StreamsSettings settings) {
    Properties config = new Properties();
    config.putAll(settings.topics().kafkaClient());
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    // a count, not bytes: the default of 1000 would hold 155 MB for each partition
    config.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, FETCHED_RECORDS);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
    config.put(RocksDbMemory.BUDGET_BYTES, settings.rocksDbMemoryBytes());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), "CreateTime");
    config.put(
        StreamsConfig.GROUP_PROTOCOL_CONFIG,
        settings.groupProtocol().name().toLowerCase(java.util.Locale.ROOT));
    consumer(config, settings);
    producer(config, settings);
    return config;
  }

  private static void consumer(Properties config, StreamsSettings settings) {
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), FETCHED_RECORDS);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), RECEIVE_BUFFER_BYTES);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        PARTITION_FETCH_BYTES);
    config.putIfAbsent(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.METADATA_MAX_AGE_CONFIG),
        NEW_PARTITIONS_WITHIN_MILLIS);
    if (settings.groupProtocol() == GroupProtocol.CLASSIC) { // else the broker decides
      settings
          .membership()
          .consumerConfig()
          .forEach((key, value) -> config.put(StreamsConfig.mainConsumerPrefix(key), value));
    }
  }

  private static void producer(Properties config, StreamsSettings settings) {
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS);
    // a dead letter is as large as the record that it was
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        dev.weir.schemas.topic.TopicContract.MAX_SPANS_RECORD_BYTES + (64 << 10));
    int transactionTimeout = (int) Math.max(60_000, 4 * settings.commitInterval().toMillis());
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        transactionTimeout);
  }
}
