package dev.weir.allinone.shadow;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Tells whether a group has read everything. Offsets alone do not say: a topic written in
 * transactions ends with their markers, which nobody commits an offset for. Not thread-safe.
 */
public final class Drain implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Admin admin;
  private final Consumer<byte[], byte[]> consumer;

  /**
   * @param client configuration for Kafka's clients
   */
  public Drain(Map<String, Object> client) {
    this.admin = Admin.create(client);
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What a group has committed; empty if there is no such group. */
  public Map<TopicPartition, Long> committed(String group) {
    try {
      Map<TopicPartition, Long> committed = new HashMap<>();
      for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet()) {
        Optional.ofNullable(entry.getValue())
            .ifPresent(offset -> committed.put(entry.getKey(), offset.offset()));
      }
      return committed;
    } catch (ExecutionException e) {
      throw new KafkaException("the offsets of " + group + " cannot be read", e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** The partitions of all topics with this prefix and suffix. */
  List<TopicPartition> partitions(String prefix, String suffix) {
    return consumer.listTopics().entrySet().stream()
        .filter(topic -> topic.getKey().startsWith(prefix) && topic.getKey().endsWith(suffix))
        .flatMap(topic -> topic.getValue().stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** Whether a group has read all of these partitions. */
  public boolean isDrained(List<TopicPartition> partitions, Map<TopicPartition, Long> committed) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return partitions.stream()
        .allMatch(
            partition ->
                isNothingBetween(
                    partition,
                    committed.getOrDefault(partition, 0L),
                    ends.getOrDefault(partition, 0L)));
  }

  /** Whether there is no record at an offset from {@code from} on and before {@code to}. */
  boolean isNothingBetween(TopicPartition partition, long from, long to) {
    if (from >= to) {
      return true;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    while (consumer.position(partition) < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    admin.close();
    consumer.close();
  }
}
