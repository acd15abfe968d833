package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The shards that one consumer owns, and what of them is committed. For the consumer's thread. */
final class Shards {
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

  /** Lets the consumer read what each shard wants next. */
  void steer(Consumer<byte[], byte[]> consumer) {
    consumer.resume(consumer.paused());
    List<TopicPartition> paused = new ArrayList<>();
    for (TopicPartition partition : consumer.assignment()) {
      Shard shard = shards.get(partition);
      Reading next = shard == null ? new Reading.On() : shard.next();
      if (next instanceof Reading.From from) {
        consumer.seek(partition, from.offset());
      } else if (next instanceof Reading.Pause) {
        paused.add(partition);
      }
    }
    consumer.pause(paused);
  }

  /** Retention has removed everything before an offset, where the consumer goes on. */
  void skipTo(TopicPartition partition, long earliest) {
    Shard shard = shards.get(partition);
    if (shard != null) {
      shard.skipTo(earliest);
    }
  }

  /** Offsets of the consumer's partitions that are yet to be delivered. */
  long lag(Consumer<byte[], byte[]> consumer) {
    long lag = 0;
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong unread = consumer.currentLag(partition);
      if (unread.isPresent()) {
        long position = consumer.position(partition);
        long end = position + unread.getAsLong();
        Shard shard = shards.get(partition);
        lag += shard == null ? end - position : shard.lag(end, position);
      }
    }
    return lag;
  }

  /** Tenants, counted once per shard, of which the target took nothing when last asked. */
  int parked() {
    return shards.values().stream().mapToInt(Shard::parked).sum();
  }

  /**
   * What may be committed and is not. Metadata say up to which time of the outbox everything is
   * delivered, in Unix milliseconds.
   */
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
                    String through = Long.toString(shard.deliveredTimestamp());
                    offsets.put(partition, new OffsetAndMetadata(offset, through));
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
