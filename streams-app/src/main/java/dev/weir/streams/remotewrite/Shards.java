package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The shards that one consumer owns, and what of them is committed. For the consumer's thread. */
final class Shards {
  /** Above it a partition is paused, which bounds the memory. */
  private static final int MAX_QUEUED = 32;

  private final Supplier<Shard> factory;
  private final Map<TopicPartition, Shard> shards = new HashMap<>();
  private final Map<TopicPartition, Long> committed = new HashMap<>();

  Shards(Supplier<Shard> factory) {
    this.factory = factory;
  }

  void add(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> ofPartition = records.records(partition);
      shards.computeIfAbsent(partition, p -> factory.get()).add(ofPartition);
    }
  }

  Collection<TopicPartition> all() {
    return List.copyOf(shards.keySet());
  }

  /** Those with enough records at hand. */
  Collection<TopicPartition> busy() {
    return shards.entrySet().stream()
        .filter(entry -> entry.getValue().queued() >= MAX_QUEUED)
        .map(Map.Entry::getKey)
        .toList();
  }

  long queued(TopicPartition partition) {
    Shard shard = shards.get(partition);
    return shard == null ? 0 : shard.queued();
  }

  /** What may be committed and is not. */
  Map<TopicPartition, OffsetAndMetadata> uncommitted(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Shard shard = shards.get(partition);
      if (shard != null) {
        shard
            .delivered()
            .ifPresent(
                offset -> {
                  if (!Objects.equals(committed.get(partition), offset)) {
                    offsets.put(partition, new OffsetAndMetadata(offset));
                  }
                });
      }
    }
    return offsets;
  }

  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
  }

  /** Starts no request any more, and waits a moment for those under way. */
  void abandon(Collection<TopicPartition> partitions, Duration patience) {
    CompletableFuture<?>[] idle =
        partitions.stream()
            .map(shards::get)
            .filter(Objects::nonNull)
            .map(Shard::abandon)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(idle).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // it is sent once more by the next owner, which changes nothing
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a shard cannot end exceptionally", e);
    }
  }

  void forget(Collection<TopicPartition> partitions) {
    partitions.forEach(shards::remove);
    partitions.forEach(committed::remove);
  }
}
