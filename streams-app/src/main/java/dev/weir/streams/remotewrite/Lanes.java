package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a shard, and which part of the partition is to be read. Memory is bounded: once it
 * is full, records of tenants that are parked are left behind while reading goes on, and are read
 * again when their tenant can send.
 *
 * <p>Reading is done in passes. A pass begins at some offset and takes what follows without a gap.
 * It is <em>live</em> where it reads what was never read before; before that it repeats a part of
 * the partition, for the lanes that left something behind there. Live passes and repetitions take
 * turns, so that neither the tenants that are up to date nor those that catch up wait for the
 * others.
 *
 * <p>Times are those of {@link Timer#nanoTime}. Not thread-safe.
 */
final class Lanes {
  /** A lane that is behind and has no more than these in memory wants to read on. */
  private static final int FEW_RECORDS = 8;

  private static final long LONGEST_REPETITION = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_WAIT_FOR_NEWS = Duration.ofMillis(500).toNanos();
  private static final long UNKNOWN = -1;

  private final boolean apart;
  private final Function<ConsumerRecord<byte[], byte[]>, Optional<String>> tenants;
  private final Supplier<Backoff> backoffs;
  private final Load load = new Load();

  /** In the order in which they are to send. */
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private long first = UNKNOWN;

  /** Everything before it has been read once. */
  private long high = UNKNOWN;

  private long highTimestamp = UNKNOWN;

  private long position = UNKNOWN;
  private long pass;
  private long passStart;
  private long passBegan;
  private boolean passHasRead;

  /**
   * @param apart whether the target tells tenants apart; if not, all share a lane, and nothing is
   *     left behind
   * @param tenants whose a record is; empty if it is none of the target's business
   */
  Lanes(
      boolean apart,
      Function<ConsumerRecord<byte[], byte[]>, Optional<String>> tenants,
      Supplier<Backoff> backoffs) {
    this.apart = apart;
    this.tenants = tenants;
    this.backoffs = backoffs;
  }

  /** Takes records from where reading was to go on, in order. */
  void add(List<ConsumerRecord<byte[], byte[]>> read, long now) {
    for (ConsumerRecord<byte[], byte[]> kafkaRecord : read) {
      long offset = kafkaRecord.offset();
      if (high == UNKNOWN) {
        first = offset;
        high = offset;
        begin(offset, now);
      }
      laneOf(kafkaRecord).ifPresent(lane -> add(kafkaRecord, lane, now));
      highTimestamp = Math.max(highTimestamp, kafkaRecord.timestamp());
      moveTo(offset + 1);
    }
  }

  /**
   * Where reading goes on. Makes room first, if there is none.
   *
   * @param sending the lane that has a request under way, which is left alone
   */
  Reading next(@Nullable Lane sending, long now) {
    if (apart && load.isFull()) {
      relieve(sending, now);
    }
    if (isRepetition()) {
      return nextOfRepetition(now);
    }
    if (load.isFull()) {
      return new Reading.Pause();
    }
    OptionalLong behind = behind(now);
    if (behind.isPresent() && (passHasRead || now - passBegan > LONGEST_WAIT_FOR_NEWS)) {
      begin(behind.getAsLong(), now);
      return new Reading.From(position);
    }
    return new Reading.On();
  }

  /** Retention has removed everything before {@code earliest}, where reading goes on. */
  void skipTo(long earliest, long now) {
    if (high != UNKNOWN) {
      high = Math.max(high, earliest);
      begin(earliest, now);
      behind().forEach(lane -> lane.caughtUpTo(earliest, high));
      lanes.values().removeIf(Lane::isIdle);
    }
  }

  /** The lane whose turn it is; none if all are empty or have to wait. */
  Optional<Lane> nextToSend(long now) {
    return withRecords().filter(lane -> lane.isDue(now)).findFirst();
  }

  /** Nanoseconds until a lane may send; empty if all are empty. */
  OptionalLong nextDue(long now) {
    return withRecords().mapToLong(lane -> lane.waitNanos(now)).min();
  }

  /** The lane had its turn. */
  void hadItsTurn(Lane lane) {
    lanes.remove(lane.tenant());
    if (!lane.isIdle()) {
      lanes.put(lane.tenant(), lane);
    }
  }

  /** The offset up to which everything is delivered; empty if nothing was since the start. */
  OptionalLong delivered() {
    long oldest =
        lanes.values().stream().flatMapToLong(lane -> lane.oldest().stream()).min().orElse(high);
    return oldest > first ? OptionalLong.of(oldest) : OptionalLong.empty();
  }

  /** Unix milliseconds of the oldest record that is not delivered, else of the newest read. */
  long deliveredTimestamp() {
    return lanes.values().stream()
        .flatMapToLong(lane -> lane.oldestTimestamp().stream())
        .min()
        .orElse(highTimestamp);
  }

  /** Offsets from the oldest that is not delivered to where everything was read once. */
  long backlog() {
    return high
        - lanes.values().stream().flatMapToLong(l -> l.oldest().stream()).min().orElse(high);
  }

  /** Up to where everything was read once; negative if nothing was read yet. */
  long high() {
    return high;
  }

  /** Records in memory. */
  int records() {
    return load.records();
  }

  /** Tenants of which the target took nothing when it was last asked. */
  int parked() {
    return (int) lanes.values().stream().filter(Lane::isParked).count();
  }

  /**
   * Only a record that was never read before makes a lane: whoever has none has nothing that is not
   * delivered.
   */
  private Optional<Lane> laneOf(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    Optional<String> tenant = tenants.apply(kafkaRecord).map(name -> apart ? name : "");
    return kafkaRecord.offset() < high
        ? tenant.map(lanes::get)
        : tenant.map(name -> lanes.computeIfAbsent(name, n -> new Lane(n, backoffs.get(), load)));
  }

  private void add(ConsumerRecord<byte[], byte[]> kafkaRecord, Lane lane, long now) {
    long offset = kafkaRecord.offset();
    boolean isNext =
        lane.isBehind()
            ? offset >= lane.behindFrom() && lane.catchesUpIn(pass, passStart)
            : offset >= high;
    if (!isNext) {
      return;
    }
    boolean waits = lane.isParked() && (lane.records() > 0 || !lane.isDue(now));
    if (apart && waits && load.isFull()) {
      lane.leave(kafkaRecord, pass);
    } else {
      lane.add(kafkaRecord);
    }
  }

  private void moveTo(long newPosition) {
    boolean wasRepetition = isRepetition();
    position = newPosition;
    high = Math.max(high, position);
    passHasRead = true;
    if (wasRepetition && !isRepetition()) {
      settle();
    }
  }

  private boolean isRepetition() {
    return position < high;
  }

  private Reading nextOfRepetition(long now) {
    boolean pays = behind().anyMatch(lane -> lane.catchesUpIn(pass, passStart));
    if (!pays || now - passBegan > LONGEST_REPETITION) {
      settle();
      begin(high, now);
      return new Reading.From(position);
    }
    return load.isHalfFull() ? new Reading.Pause() : new Reading.On();
  }

  /** Lanes that took part in the pass to this point have left nothing behind before it. */
  private void settle() {
    behind()
        .filter(lane -> lane.catchesUpIn(pass, passStart))
        .forEach(lane -> lane.caughtUpTo(position, high));
    lanes.values().removeIf(Lane::isIdle);
  }

  private void begin(long offset, long now) {
    pass++;
    position = offset;
    passStart = offset;
    passBegan = now;
    passHasRead = false;
  }

  /** Where to begin for the lanes that are behind, have little left and can send. */
  private OptionalLong behind(long now) {
    return behind()
        .filter(
            lane ->
                lane.isParked()
                    ? lane.records() == 0 && lane.isDue(now)
                    : lane.records() <= FEW_RECORDS)
        .mapToLong(Lane::behindFrom)
        .min();
  }

  /** First what follows the heads of parked lanes, then the heads that have to wait longest. */
  private void relieve(@Nullable Lane sending, long now) {
    List<Lane> parked =
        lanes.values().stream()
            .filter(lane -> lane.isParked() && lane != sending)
            .sorted(Comparator.comparingLong((Lane lane) -> -lane.waitNanos(now)))
            .toList();
    parked.forEach(lane -> lane.forgetAllBut(1, pass));
    for (Lane lane : parked) {
      if (load.isFull() && !lane.isDue(now)) {
        lane.forgetAllBut(0, pass);
      }
    }
  }

  private Stream<Lane> behind() {
    return lanes.values().stream().filter(Lane::isBehind);
  }

  private Stream<Lane> withRecords() {
    return lanes.values().stream().filter(lane -> lane.records() > 0);
  }
}
