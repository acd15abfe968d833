package dev.weir.allinone.demo;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.RemoteWriteRequests;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the outbox topic from the side, without a consumer group. */
public final class KafkaOutbox implements Outbox {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> client;
  private final String topic;

  /**
   * @param client configuration for Kafka's clients
   * @param topic the outbox
   */
  public KafkaOutbox(Map<String, Object> client, String topic) {
    this.client = new HashMap<>(client);
    this.client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    this.client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    this.client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.topic = topic;
  }

  @Override
  public Map<Labels, Long> latestSince(long sinceMillis) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      seek(consumer, partitions, ends, sinceMillis);
      return readTo(ends, consumer);
    }
  }

  private static void seek(
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends,
      long sinceMillis) {
    Map<TopicPartition, OffsetAndTimestamp> starts =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(Function.identity(), p -> sinceMillis)));
    ends.forEach(
        (partition, end) -> {
          OffsetAndTimestamp start = starts.get(partition);
          consumer.seek(partition, start == null ? end : start.offset());
        });
  }

  private static Map<Labels, Long> readTo(
      Map<TopicPartition, Long> ends, Consumer<byte[], byte[]> consumer) {
    Map<Labels, Long> latest = new HashMap<>();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        samples(record)
            .forEach(sample -> latest.merge(sample.labels(), sample.timestampMillis(), Math::max));
      }
    }
    return latest;
  }

  private static List<ReceivedSample> samples(ConsumerRecord<byte[], byte[]> record) {
    try {
      return RemoteWriteRequests.version2(record.value());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "the record at offset %d of %s-%d is no remote-write 2.0 request: %s"
              .formatted(record.offset(), record.topic(), record.partition(), e.getMessage()),
          e);
    }
  }
}
