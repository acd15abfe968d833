package dev.weir.allinone.shadow;

import dev.weir.app.settings.InvalidSettingsException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Finds places in the topic of spans, which it only reads. Not thread-safe. */
public final class SourceLog implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final String topic;

  /**
   * @param client configuration for Kafka's clients
   * @throws InvalidSettingsException if there is no such topic
   */
  public SourceLog(Map<String, Object> client, String topic) {
    this.topic = topic;
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      consumer.close();
      throw new InvalidSettingsException("spans.topic=%s: no such topic".formatted(topic));
    }
  }

  /** How many partitions it has. */
  public int partitions() {
    return partitions.size();
  }

  /** The first offset that is still there, by partition. */
  public SortedMap<Integer, Long> beginnings() {
    return byPartition(consumer.beginningOffsets(partitions));
  }

  /** The offset of the next record to come, by partition. */
  public SortedMap<Integer, Long> ends() {
    return byPartition(consumer.endOffsets(partitions));
  }

  /** The first offset that is not earlier than a time, by partition; the end if there is none. */
  public SortedMap<Integer, Long> at(Instant time) {
    SortedMap<Integer, Long> offsets = ends();
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(partition -> partition, p -> time.toEpochMilli())));
    found.forEach(
        (partition, offset) -> {
          if (offset != null) {
            offsets.put(partition.partition(), offset.offset());
          }
        });
    return offsets;
  }

  /** The latest of the times of the records at these offsets; 0 if there are no records. */
  public long latestTimeAt(SortedMap<Integer, Long> offsets) {
    SortedMap<Integer, Long> ends = ends();
    long latest = 0;
    for (TopicPartition partition : partitions) {
      long offset = offsets.getOrDefault(partition.partition(), 0L);
      long end = ends.getOrDefault(partition.partition(), 0L);
      consumer.assign(List.of(partition));
      consumer.seek(partition, offset);
      boolean found = false;
      while (!found && consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          latest = Math.max(latest, record.timestamp());
          found = true;
        }
      }
    }
    return latest;
  }

  /**
   * Resolves where to begin or to end, other than at a snapshot.
   *
   * @param key the setting that says it, for messages
   * @throws InvalidSettingsException if that is not in the log, any more or at all
   */
  public SortedMap<Integer, Long> from(String key, Position position) {
    SortedMap<Integer, Long> beginnings = beginnings();
    if (position instanceof Position.AtTime time) {
      return at(time.instant());
    }
    if (position instanceof Position.AtOffsets at) {
      return within(key, at.offsets(), beginnings, beginnings);
    }
    if (position instanceof Position.Now) {
      return ends();
    }
    return beginnings;
  }

  /** Whether something before these offsets was in the log, and retention has removed it. */
  boolean isCutAt(SortedMap<Integer, Long> offsets) {
    return beginnings().entrySet().stream()
        .anyMatch(
            beginning ->
                beginning.getValue() > 0
                    && beginning.getValue().equals(offsets.get(beginning.getKey())));
  }

  /** What retention has removed that was before these offsets or at them, in words, if anything. */
  Optional<String> lost(SortedMap<Integer, Long> offsets) {
    SortedMap<Integer, Long> beginnings = beginnings();
    return offsets.entrySet().stream()
        .filter(offset -> beginnings.getOrDefault(offset.getKey(), 0L) > offset.getValue())
        .map(
            offset ->
                "records %,d to %,d of partition %d of %s are gone (retention)"
                    .formatted(
                        offset.getValue(),
                        beginnings.getOrDefault(offset.getKey(), 0L) - 1,
                        offset.getKey(),
                        topic))
        .findFirst();
  }

  /**
   * Checks offsets that were said or noted.
   *
   * @param lowest the first offset that makes sense, by partition
   * @param others for the partitions that {@code offsets} does not name
   * @throws InvalidSettingsException if one is not in the log
   */
  public SortedMap<Integer, Long> within(
      String key,
      SortedMap<Integer, Long> offsets,
      SortedMap<Integer, Long> lowest,
      SortedMap<Integer, Long> others) {
    SortedMap<Integer, Long> highest = ends();
    SortedMap<Integer, Long> complete = new TreeMap<>(others);
    offsets.forEach(
        (partition, offset) -> {
          if (!lowest.containsKey(partition)) {
            throw new InvalidSettingsException(
                "%s: %s has no partition %d, it has %d"
                    .formatted(key, topic, partition, partitions.size()));
          }
          if (offset < lowest.get(partition) || offset > highest.getOrDefault(partition, 0L)) {
            throw new InvalidSettingsException(
                "%s: offset %d of partition %d is outside of %s, where it can be %d to %d"
                    .formatted(
                        key,
                        offset,
                        partition,
                        topic,
                        lowest.get(partition),
                        highest.getOrDefault(partition, 0L)));
          }
          complete.put(partition, offset);
        });
    return complete;
  }

  private static SortedMap<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
    SortedMap<Integer, Long> byPartition = new TreeMap<>();
    offsets.forEach((partition, offset) -> byPartition.put(partition.partition(), offset));
    return byPartition;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
