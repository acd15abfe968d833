package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition on their way to one target: in order, one request at a time. No
 * thread waits with it while it backs off. Filled and asked by the consumer's thread, worked off by
 * any thread of the pool.
 */
final class Shard {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final ScheduledExecutorService pool;
  private final Function<ConsumerRecord<byte[], byte[]>, Optional<RecordDelivery>> deliveries;
  private final TargetState target;
  private final CompletableFuture<Void> idleForGood = new CompletableFuture<>();

  private final Deque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
  private boolean scheduled;
  private boolean stepping;
  private boolean abandoned;
  private long delivered = -1;

  /** Of the head of the queue; only for the thread that is stepping. */
  private @Nullable RecordDelivery current;

  /**
   * @param deliveries starts the delivery of a record; empty if there is nothing to deliver
   */
  Shard(
      ScheduledExecutorService pool,
      Function<ConsumerRecord<byte[], byte[]>, Optional<RecordDelivery>> deliveries,
      TargetState target) {
    this.pool = pool;
    this.deliveries = deliveries;
    this.target = target;
  }

  synchronized void add(Collection<ConsumerRecord<byte[], byte[]>> records) {
    queue.addAll(records);
    if (!scheduled && !abandoned && !queue.isEmpty()) {
      scheduled = true;
      schedule(Duration.ZERO);
    }
  }

  /** Records that wait or are under way. */
  synchronized int queued() {
    return queue.size();
  }

  /** The offset after the newest record that is done with; empty if there was none yet. */
  synchronized OptionalLong delivered() {
    return delivered < 0 ? OptionalLong.empty() : OptionalLong.of(delivered);
  }

  /**
   * Starts no request any more.
   *
   * @return done when none is under way
   */
  synchronized CompletableFuture<Void> abandon() {
    abandoned = true;
    if (!stepping) {
      idleForGood.complete(null);
    }
    return idleForGood;
  }

  private void schedule(Duration wait) {
    ScheduledFuture<?> unused = pool.schedule(this::step, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void step() {
    ConsumerRecord<byte[], byte[]> head = begin();
    if (head != null) {
      end(head, advance(head));
    }
  }

  private synchronized @Nullable ConsumerRecord<byte[], byte[]> begin() {
    stepping = !abandoned;
    return abandoned ? null : queue.peek();
  }

  /** Empty if the record is done with. */
  private Optional<Duration> advance(ConsumerRecord<byte[], byte[]> head) {
    try {
      if (current == null) {
        current = deliveries.apply(head).orElse(null);
      }
      Optional<Duration> wait = current == null ? Optional.empty() : current.step();
      if (wait.isEmpty()) {
        current = null;
      }
      return wait;
    } catch (RuntimeException e) { // outermost: an error must not end the shard
      current = null;
      target.failed(
          "sending offset %d of %s-%d".formatted(head.offset(), head.topic(), head.partition()), e);
      return Optional.of(AFTER_FAILURE);
    }
  }

  private synchronized void end(ConsumerRecord<byte[], byte[]> head, Optional<Duration> wait) {
    stepping = false;
    if (wait.isEmpty()) {
      queue.remove();
      delivered = head.offset() + 1;
    }
    scheduled = !queue.isEmpty() && !abandoned;
    if (scheduled) {
      schedule(wait.orElse(Duration.ZERO));
    }
    if (abandoned) {
      idleForGood.complete(null);
    }
  }
}
