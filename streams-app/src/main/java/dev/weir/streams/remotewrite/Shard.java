package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition on their way to one target: in order for each tenant, one request at
 * a time. A tenant of which the target takes nothing is parked while others go on. No thread waits
 * with it. Filled and asked by the consumer's thread, worked off by any thread of the timer.
 */
final class Shard {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final Timer timer;
  private final BiFunction<ConsumerRecord<byte[], byte[]>, Backoff, Optional<RecordDelivery>>
      deliveries;
  private final TargetState target;
  private final CompletableFuture<Void> idleForGood = new CompletableFuture<>();

  private final Lanes lanes;
  private @Nullable Future<?> wake;
  private long wakeNanos;
  private @Nullable Lane sending;
  private boolean abandoned;

  /**
   * @param deliveries starts the delivery of a record; empty if there is nothing to deliver
   */
  Shard(
      Timer timer,
      Lanes lanes,
      BiFunction<ConsumerRecord<byte[], byte[]>, Backoff, Optional<RecordDelivery>> deliveries,
      TargetState target) {
    this.timer = timer;
    this.lanes = lanes;
    this.deliveries = deliveries;
    this.target = target;
  }

  /** Takes records from where reading was to go on, in order. */
  synchronized void add(List<ConsumerRecord<byte[], byte[]>> records) {
    lanes.add(records, timer.nanoTime());
    wakeWhenDue();
  }

  /** Where reading goes on; it must. */
  synchronized Reading next() {
    return lanes.next(sending, timer.nanoTime());
  }

  /** Retention has removed everything before {@code earliest}, where reading goes on. */
  synchronized void skipTo(long earliest) {
    lanes.skipTo(earliest, timer.nanoTime());
  }

  /** Records in memory, those under way among them. */
  synchronized int queued() {
    return lanes.records();
  }

  /**
   * Offsets that are yet to be delivered.
   *
   * @param end of the partition
   * @param position from where on its records are yet to be read
   */
  synchronized long lag(long end, long position) {
    return lanes.high() < 0
        ? end - position
        : lanes.backlog() + Math.max(end - Math.max(lanes.high(), position), 0);
  }

  /** Tenants of which the target took nothing when it was last asked. */
  synchronized int parked() {
    return lanes.parked();
  }

  /** The offset up to which everything is delivered; empty if nothing was since the start. */
  synchronized OptionalLong delivered() {
    return lanes.delivered();
  }

  /** The time in Unix milliseconds up to which everything is delivered. */
  synchronized long deliveredTimestamp() {
    return lanes.deliveredTimestamp();
  }

  /**
   * Starts no request any more.
   *
   * @return done when none is under way
   */
  synchronized CompletableFuture<Void> abandon() {
    abandoned = true;
    if (sending == null) {
      idleForGood.complete(null);
    }
    return idleForGood;
  }

  private void step() {
    Lane lane = begin();
    if (lane != null) {
      end(lane, advance(lane));
    }
  }

  private synchronized @Nullable Lane begin() {
    if (abandoned || sending != null) {
      return null;
    }
    wake = null;
    sending = lanes.nextToSend(timer.nanoTime()).orElse(null);
    if (sending == null) {
      wakeWhenDue();
    }
    return sending;
  }

  /** Empty if the head of the lane is done with; zero to go on, else the target takes nothing. */
  private Optional<Duration> advance(Lane lane) {
    ConsumerRecord<byte[], byte[]> head = headOf(lane);
    try {
      if (lane.current() == null) {
        lane.current(deliveries.apply(head, lane.backoff()).orElse(null));
      }
      RecordDelivery current = lane.current();
      return current == null ? Optional.empty() : current.step();
    } catch (RuntimeException e) { // outermost: an error must not end the shard
      lane.current(null);
      target.failed("sending " + OutboxRecord.placeOf(head), e);
      return Optional.of(AFTER_FAILURE);
    }
  }

  private synchronized ConsumerRecord<byte[], byte[]> headOf(Lane lane) {
    ConsumerRecord<byte[], byte[]> head = lane.head();
    if (head == null) {
      throw new IllegalStateException("a lane that sends has a record");
    }
    return head;
  }

  private synchronized void end(Lane lane, Optional<Duration> wait) {
    if (wait.isEmpty()) {
      lane.delivered();
    } else if (wait.get().isZero()) {
      lane.goOn();
    } else {
      lane.park(timer.nanoTime() + wait.get().toNanos());
    }
    lanes.hadItsTurn(lane);
    sending = null;
    wakeWhenDue();
    if (abandoned) {
      idleForGood.complete(null);
    }
  }

  private void wakeWhenDue() {
    long now = timer.nanoTime();
    OptionalLong wait = lanes.nextDue(now);
    if (sending != null || abandoned || wait.isEmpty()) {
      return;
    }
    if (wake != null && wakeNanos - now <= wait.getAsLong()) {
      return;
    }
    if (wake != null) {
      wake.cancel(false);
    }
    wakeNanos = now + wait.getAsLong();
    wake = timer.after(Duration.ofNanos(wait.getAsLong()), this::step);
  }
}
