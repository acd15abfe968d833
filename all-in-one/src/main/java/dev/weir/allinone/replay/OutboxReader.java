package dev.weir.allinone.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v2.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads an outbox topic from the side, without a consumer group. Not thread-safe. */
public final class OutboxReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final List<TopicPartition> partitions;

  /** Takes the records of a shard. */
  @FunctionalInterface
  public interface Visitor {
    void record(int shard, String tenant, byte[] key, byte[] request);
  }

  /**
   * @param client configuration for Kafka's clients
   * @param topic the outbox; without partitions if it does not exist
   */
  public OutboxReader(Map<String, Object> client, String topic) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.topic = topic;
    partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
            .toList();
  }

  /** How many shards it has. */
  int shards() {
    return partitions.size();
  }

  /** Whether retention has removed the beginning of a shard. */
  boolean isCut(int shard) {
    TopicPartition partition = new TopicPartition(topic, shard);
    return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L) > 0;
  }

  /** Shows what is there now, shard by shard, each in order. */
  public void readAll(Visitor visitor) {
    readSince(0, visitor);
  }

  /**
   * Shows what is there now, shard by shard, each in order, from the first record on that was
   * written at a time or later; Unix milliseconds.
   */
  public void readSince(long writtenMillis, Visitor visitor) {
    for (TopicPartition partition : partitions) {
      seek(partition.partition(), writtenMillis);
      while (hasMore(partition.partition())) {
        for (ConsumerRecord<byte[], byte[]> record : poll()) {
          visitor.record(partition.partition(), tenant(record), record.key(), record.value());
        }
      }
    }
  }

  /** Goes to the first record of a shard that was written at a time or later. */
  void seek(int shard, long writtenMillis) {
    TopicPartition partition = new TopicPartition(topic, shard);
    consumer.assign(List.of(partition));
    OffsetAndTimestamp found =
        writtenMillis <= 0
            ? null
            : consumer.offsetsForTimes(Map.of(partition, writtenMillis)).get(partition);
    if (writtenMillis <= 0) {
      consumer.seekToBeginning(List.of(partition));
    } else if (found == null) {
      consumer.seekToEnd(List.of(partition));
    } else {
      consumer.seek(partition, found.offset());
    }
  }

  /** Whether there is more in the shard that was sought. */
  boolean hasMore(int shard) {
    TopicPartition partition = new TopicPartition(topic, shard);
    return consumer.position(partition)
        < consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  /** The next records of the shard that was sought, none if it takes long. */
  Iterable<ConsumerRecord<byte[], byte[]>> poll() {
    return consumer.poll(POLL);
  }

  static String tenant(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  /**
   * The end of the window of a record, Unix milliseconds; -1 if it holds no samples.
   *
   * @throws InvalidProtocolBufferException if it is not a request
   */
  static long windowEnd(byte[] request) throws InvalidProtocolBufferException {
    return windowEnd(Request.parseFrom(request));
  }

  static long windowEnd(Request request) {
    return request.getTimeseriesList().stream()
        .mapToLong(
            series ->
                Math.max(
                    series.getSamplesList().stream()
                        .mapToLong(sample -> sample.getTimestamp())
                        .max()
                        .orElse(-1),
                    series.getHistogramsList().stream()
                        .mapToLong(histogram -> histogram.getTimestamp())
                        .max()
                        .orElse(-1)))
        .max()
        .orElse(-1);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
