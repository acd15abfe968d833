package dev.weir.allinone.replay;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads an outbox topic from its beginning and keeps a fingerprint of each record: tenant and
 * request, to the bit. Not thread-safe.
 */
final class OutboxReader implements AutoCloseable {
  private static final Hasher128 XXH3 = Hashing.xxh3_128();
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<Integer, List<HashValue128>> fingerprints = new TreeMap<>();

  /**
   * @param client configuration for Kafka's clients
   * @param topic must exist
   */
  OutboxReader(Map<String, Object> client, String topic) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    partitions.forEach(partition -> fingerprints.put(partition.partition(), new ArrayList<>()));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** How many partitions the topic has. */
  int partitions() {
    return partitions.size();
  }

  /** Whether retention has removed the topic's beginning. */
  boolean isCut() {
    return consumer.beginningOffsets(partitions).values().stream().anyMatch(offset -> offset > 0);
  }

  /** Reads what is there now. */
  void readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        fingerprints
            .computeIfAbsent(record.partition(), partition -> new ArrayList<>())
            .add(fingerprint(record));
      }
    }
  }

  private static HashValue128 fingerprint(ConsumerRecord<byte[], byte[]> record) {
    return XXH3.hashStream().putByteArray(record.key()).putByteArray(record.value()).get();
  }

  /** The fingerprints so far, by partition, in order. */
  Map<Integer, List<HashValue128>> fingerprints() {
    return fingerprints;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
