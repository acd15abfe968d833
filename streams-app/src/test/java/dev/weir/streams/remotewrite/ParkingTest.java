package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A shard between a log and a receiver that refuses at random, in virtual time. */
class ParkingTest {
  private static final int POLLED_AT_ONCE = 8;

  /** A poll and the largest record may come on top of what a shard asks to hold. */
  private static final int MOST_IN_MEMORY = Load.MAX_RECORDS + POLLED_AT_ONCE;

  private final TargetState state =
      new TargetState(
          RemoteWriteTarget.ofUrl(URI.create("http://127.0.0.1:1/")),
          new SenderMetrics(new SimpleMeterRegistry(), "t"),
          Clock.systemUTC());
  private final VirtualTimer timer = new VirtualTimer();

  /** By offset; where a marker of a transaction stands, there is none. */
  private final List<Optional<ConsumerRecord<byte[], byte[]>>> log = new ArrayList<>();

  private final Map<String, List<Long>> taken = new HashMap<>();
  private final Set<Long> done = new HashSet<>();
  private Predicate<String> throttled = tenant -> false;
  private Random random = new Random(1);
  private Shard shard = newShard();
  private int position;
  private int earliest;
  private long committed;
  private int mostInMemory;
  private int largestLag;

  static List<Long> seeds() {
    return new Random().longs(30).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldDeliverAllOfEachTenantInOrderWhateverIsThrottledAndCrashes(long seed) {
    random = new Random(seed);
    int tenants = 1 + random.nextInt(12);
    double refused = random.nextDouble() * 0.9;
    double removals = random.nextBoolean() ? 0 : 0.005;
    double crashes = random.nextDouble() * 0.01;
    throttled = tenant -> random.nextDouble() < refused;
    write(random.nextInt(1500), tenants);
    for (int round = 0; round < 1_500; round++) {
      if (random.nextInt(4) == 0) {
        write(random.nextInt(5), tenants);
      }
      if (random.nextDouble() < crashes) {
        crash();
      }
      if (random.nextDouble() < removals) {
        earliest = Math.max(earliest, random.nextInt(log.size() + 1));
      }
      round();
    }
    throttled = tenant -> false;

    roundsUntilDone();

    assertThat(records().filter(r -> r.offset() >= earliest || removals == 0))
        .as("seed %d", seed)
        .allMatch(r -> done.contains(r.offset()));
    assertThat(committed).as("seed %d", seed).isEqualTo(end());
    assertThat(mostInMemory).as("seed %d", seed).isLessThanOrEqualTo(MOST_IN_MEMORY);
    taken.forEach(
        (tenant, offsets) ->
            assertThat(offsets.stream().distinct().toList())
                .as("%s, seed %d", tenant, seed)
                .isSorted());
  }

  @Test
  void shouldGoOnWithOthersWhileOneIsThrottledForLongerThanMemoryLasts() {
    throttled = "t0"::equals;
    write(5_000, 4);

    rounds(10_000);

    assertThat(records()).allMatch(r -> done.contains(r.offset()) || tenant(r).equals("t0"));
    assertThat(committed)
        .isEqualTo(
            records().filter(r -> tenant(r).equals("t0")).findFirst().orElseThrow().offset());
    throttled = tenant -> false;
    roundsUntilDone();
    assertThat(records()).allMatch(r -> done.contains(r.offset()));
    assertThat(taken.get("t0")).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void shouldNotKeepOthersWaitingWhileOneCatchesUp() {
    throttled = "t0"::equals;
    write(5_000, 2);
    rounds(10_000);
    throttled = tenant -> false;

    while (committed < end()) {
      write(1, 2);
      rounds(10);
      largestLag = Math.max(largestLag, waiting("t1"));
    }

    assertThat(largestLag).isLessThan(100);
  }

  @Test
  void shouldLeaveNothingBehindWhereTenantsAreNotToldApart() {
    shard = newShard(false);
    throttled = tenant -> true;
    write(1_000, 3);

    rounds(2_000);

    assertThat(position).isLessThan(2 * MOST_IN_MEMORY);
    throttled = tenant -> false;
    roundsUntilDone();
    assertThat(taken.values().stream().mapToInt(List::size).sum()).isEqualTo(1_000);
  }

  private Stream<ConsumerRecord<byte[], byte[]>> records() {
    return log.stream().flatMap(Optional::stream);
  }

  /** The offset after the last record. */
  private long end() {
    return records().mapToLong(r -> r.offset() + 1).max().orElse(0);
  }

  private int waiting(String tenant) {
    return (int)
        records().filter(r -> tenant(r).equals(tenant) && !done.contains(r.offset())).count();
  }

  private void write(int count, int tenants) {
    for (int i = 0; i < count; i++) {
      int skewed = Math.min(random.nextInt(tenants), random.nextInt(tenants));
      byte[] key = ("t" + skewed).getBytes(StandardCharsets.UTF_8);
      log.add(Optional.of(new ConsumerRecord<>("samples", 0, log.size(), key, new byte[1])));
      if (random.nextInt(8) == 0) {
        log.add(Optional.empty());
      }
    }
  }

  private void roundsUntilDone() {
    for (int i = 0; i < 20_000 && committed < end(); i++) {
      round();
    }
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      round();
    }
  }

  /** What the consumer's thread does over and over; half of the time nothing has arrived. */
  private void round() {
    Reading next = shard.next();
    if (next instanceof Reading.From from) {
      position = (int) from.offset();
    } else if (next instanceof Reading.On && position < earliest) {
      position = earliest;
      shard.skipTo(earliest);
    } else if (next instanceof Reading.On && random.nextBoolean()) {
      int end = Math.min(position + 1 + random.nextInt(POLLED_AT_ONCE), log.size());
      if (end > position) {
        shard.add(log.subList(position, end).stream().flatMap(Optional::stream).toList());
        position = end;
      }
    }
    mostInMemory = Math.max(mostInMemory, shard.queued());
    shard.delivered().ifPresent(this::commit);
    timer.advance(Duration.ofMillis(20));
  }

  private void commit(long offset) {
    for (int o = (int) committed; o < offset; o++) {
      assertThat(log.get(o).isEmpty() || done.contains((long) o) || o < earliest).isTrue();
    }
    committed = Math.max(committed, offset);
  }

  private void crash() {
    assertThat(shard.abandon()).isDone();
    shard = newShard();
    position = (int) committed;
  }

  private Shard newShard() {
    return newShard(true);
  }

  private Shard newShard(boolean apart) {
    return new Shard(
        timer,
        new Lanes(
            apart,
            kafkaRecord -> Optional.of(OutboxRecord.tenantOf(kafkaRecord)),
            () -> new Backoff(random, RequestLimits.DEFAULT)),
        this::delivery,
        state);
  }

  private Optional<RecordDelivery> delivery(
      ConsumerRecord<byte[], byte[]> kafkaRecord, Backoff backoff) {
    String tenant = tenant(kafkaRecord);
    return Optional.of(
        new RecordDelivery(
            new OutboxRecord(tenant, Requests.floats(1, 1, "a"), "here"),
            false,
            (who, version, body) -> answer(who, kafkaRecord.offset()),
            state,
            backoff));
  }

  private Verdict answer(String tenant, long offset) {
    if (throttled.test(tenant)) {
      return new Verdict.Retryable(Duration.ZERO, "slow down");
    }
    taken.computeIfAbsent(tenant, t -> new ArrayList<>()).add(offset);
    done.add(offset);
    return new Verdict.Accepted(1);
  }

  private static String tenant(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    return new String(kafkaRecord.key(), StandardCharsets.UTF_8);
  }

  private static final class VirtualTimer implements Timer {
    private record Task(long at, Runnable work, CompletableFuture<Void> state) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing(Task::at));
    private long now = Long.MIN_VALUE;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Future<?> after(Duration wait, Runnable task) {
      CompletableFuture<Void> future = new CompletableFuture<>();
      // a request takes a millisecond
      tasks.add(new Task(now + wait.toNanos() + 1_000_000, task, future));
      return future;
    }

    void advance(Duration time) {
      long until = now + time.toNanos();
      for (Task next = tasks.peek(); next != null && next.at() <= until; next = tasks.peek()) {
        tasks.remove();
        now = next.at();
        if (!next.state().isCancelled()) {
          next.work().run();
        }
      }
      now = until;
    }
  }
}
