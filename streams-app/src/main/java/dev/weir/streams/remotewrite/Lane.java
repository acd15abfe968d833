package dev.weir.streams.remotewrite;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one tenant in a shard, in order. Those that are in memory come first; what follows
 * them may have been left behind, to be read again. Not thread-safe.
 */
final class Lane {
  private static final long NOTHING = -1;

  private final String tenant;
  private final Backoff backoff;
  private final Load load;
  private final Deque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();

  /** The first offset that may have been left behind. */
  private long behindFrom = NOTHING;

  /** Unix milliseconds; not later than what was left behind. */
  private long behindSince;

  /** The pass that has gone by a record of the tenant, so that it must not take later ones. */
  private long leftInPass = NOTHING;

  private boolean parked;
  private long dueNanos;

  /** Of the head of the queue; only for the thread that sends. */
  private @Nullable RecordDelivery current;

  /**
   * @param load what all lanes of the shard hold
   */
  Lane(String tenant, Backoff backoff, Load load) {
    this.tenant = tenant;
    this.backoff = backoff;
    this.load = load;
  }

  String tenant() {
    return tenant;
  }

  /** Grows as long as the target takes nothing of the tenant. */
  Backoff backoff() {
    return backoff;
  }

  void add(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    queue.add(kafkaRecord);
    load.add(sizeOf(kafkaRecord));
    if (isBehind()) {
      behindFrom = kafkaRecord.offset() + 1;
      behindSince = kafkaRecord.timestamp();
    }
  }

  @Nullable ConsumerRecord<byte[], byte[]> head() {
    return queue.peek();
  }

  int records() {
    return queue.size();
  }

  /** Whether nothing is known of the tenant that is not delivered. */
  boolean isIdle() {
    return queue.isEmpty() && !isBehind();
  }

  /** The oldest offset that is not delivered; empty if all is. */
  OptionalLong oldest() {
    ConsumerRecord<byte[], byte[]> head = queue.peek();
    if (head != null) {
      return OptionalLong.of(head.offset());
    }
    return isBehind() ? OptionalLong.of(behindFrom) : OptionalLong.empty();
  }

  /** Unix milliseconds of it, or a little earlier. */
  OptionalLong oldestTimestamp() {
    ConsumerRecord<byte[], byte[]> head = queue.peek();
    if (head != null) {
      return OptionalLong.of(head.timestamp());
    }
    return isBehind() ? OptionalLong.of(behindSince) : OptionalLong.empty();
  }

  boolean isBehind() {
    return behindFrom != NOTHING;
  }

  /** Where to read what was left behind. */
  long behindFrom() {
    return behindFrom;
  }

  /** Whether a pass that began at {@code start} meets what was left behind, from its beginning. */
  boolean catchesUpIn(long pass, long start) {
    return isBehind() && leftInPass != pass && start <= behindFrom;
  }

  /** Goes by a record; the pass takes no later one. */
  void leave(ConsumerRecord<byte[], byte[]> kafkaRecord, long pass) {
    if (!isBehind()) {
      behindFrom = kafkaRecord.offset();
      behindSince = kafkaRecord.timestamp();
    }
    leftInPass = pass;
  }

  /**
   * Takes records out of memory, the last ones first, so that they are read again.
   *
   * @param kept how many stay
   */
  void forgetAllBut(int kept, long pass) {
    while (queue.size() > kept) {
      ConsumerRecord<byte[], byte[]> last = queue.removeLast();
      load.remove(sizeOf(last));
      behindFrom = last.offset();
      behindSince = last.timestamp();
      leftInPass = pass;
    }
    if (queue.isEmpty()) {
      current = null;
    }
  }

  /**
   * Nothing is left behind before {@code offset}.
   *
   * @param high up to where everything was read once
   */
  void caughtUpTo(long offset, long high) {
    behindFrom = Math.max(behindFrom, offset) < high ? Math.max(behindFrom, offset) : NOTHING;
  }

  /** The head is delivered. */
  void delivered() {
    load.remove(sizeOf(queue.remove()));
    current = null;
    goOn();
  }

  /** The target takes what the tenant has. */
  void goOn() {
    parked = false;
    backoff.reset();
  }

  /** The target takes nothing of the tenant for now. */
  void park(long untilNanos) {
    parked = true;
    dueNanos = untilNanos;
  }

  /** Whether the target took nothing when it was last asked. */
  boolean isParked() {
    return parked;
  }

  /** Nanoseconds until it may send; zero if it may. */
  long waitNanos(long nowNanos) {
    return parked ? Math.max(dueNanos - nowNanos, 0) : 0;
  }

  boolean isDue(long nowNanos) {
    return waitNanos(nowNanos) == 0;
  }

  @Nullable RecordDelivery current() {
    return current;
  }

  void current(@Nullable RecordDelivery delivery) {
    current = delivery;
  }

  private static int sizeOf(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    return kafkaRecord.value() == null ? 0 : kafkaRecord.value().length;
  }
}
