package dev.weir.allinone.shadow;

import dev.weir.streams.application.StreamsClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Clients of a topology that reads the log up to given offsets, and not faster than it may. To the
 * topology it looks as if the log ended there, so what it commits is where it stopped.
 */
final class BoundedClients extends StreamsClients {
  private final String topic;
  private final Stretch stretch;
  private final Rate rate;
  private final Brake brake;

  BoundedClients(String topic, Stretch stretch, Rate rate) {
    this.topic = topic;
    this.stretch = stretch;
    this.rate = rate;
    this.brake = new Brake(rate);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    Map<String, Object> bounded = new HashMap<>(config);
    int records =
        Integer.parseInt(String.valueOf(config.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)));
    bounded.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, rate.recordsAtOnce(records));
    return new Bounded(bounded);
  }

  /** For one stream thread, as every consumer. */
  private final class Bounded extends KafkaConsumer<byte[], byte[]> {
    Bounded(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
      ConsumerRecords<byte[], byte[]> within = cut(polled);
      brake.taken(spans(within), bytes(within));
      return within;
    }

    private ConsumerRecords<byte[], byte[]> cut(ConsumerRecords<byte[], byte[]> polled) {
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
      Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(polled.nextOffsets());
      for (TopicPartition partition : polled.partitions()) {
        records.put(partition, polled.records(partition));
      }
      for (Map.Entry<TopicPartition, OffsetAndMetadata> position :
          polled.nextOffsets().entrySet()) {
        TopicPartition partition = position.getKey();
        long end = stretch.end(partition.partition());
        if (partition.topic().equals(topic) && position.getValue().offset() >= end) {
          cut(records, partition, end);
          next.put(partition, new OffsetAndMetadata(end));
          seek(partition, end);
          pause(List.of(partition));
        }
      }
      return new ConsumerRecords<>(records, next);
    }

    private void cut(
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records,
        TopicPartition partition,
        long end) {
      List<ConsumerRecord<byte[], byte[]>> kept = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : records.getOrDefault(partition, List.of())) {
        if (record.offset() < end) {
          kept.add(record);
        }
      }
      if (kept.isEmpty()) {
        records.remove(partition);
      } else {
        records.put(partition, kept);
      }
    }

    private long spans(ConsumerRecords<byte[], byte[]> records) {
      long count = 0;
      for (ConsumerRecord<byte[], byte[]> ignored : records.records(topic)) {
        count++;
      }
      return count;
    }

    private long bytes(ConsumerRecords<byte[], byte[]> records) {
      long bytes = 0;
      for (ConsumerRecord<byte[], byte[]> record : records.records(topic)) {
        bytes += Math.max(0, record.serializedValueSize());
      }
      return bytes;
    }
  }
}
