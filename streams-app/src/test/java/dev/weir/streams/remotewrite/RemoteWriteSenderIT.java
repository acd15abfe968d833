package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.app.lifecycle.Readiness;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.streams.remotewrite.FakeReceiver.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class RemoteWriteSenderIT {
  private static final int SHARDS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static EmbeddedKafka kafka;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<RemoteWriteSender> senders = new ArrayList<>();
  private Outbox outbox;
  private FakeReceiver receiver;

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory, 0);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void open(TestInfo test) throws Exception {
    outbox = new Outbox(kafka, test.getTestMethod().orElseThrow().getName(), SHARDS);
    receiver = FakeReceiver.start();
  }

  @AfterEach
  void closeAll() {
    senders.forEach(RemoteWriteSender::close);
    receiver.close();
    outbox.close();
  }

  @Test
  void shouldDeliverEachShardInOrderWithOneRequestUnderWay() throws Exception {
    Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    receiver.answer(
        request -> {
          AtomicInteger own =
              underWay.computeIfAbsent(request.lines().get(0), shard -> new AtomicInteger());
          if (own.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
          }
          LockSupport.parkNanos(1_000_000); // a chance to overlap for whoever would
          Reply reply = count.incrementAndGet() % 7 == 0 ? Reply.of(503, "") : Reply.ok();
          own.decrementAndGet();
          return reply;
        });
    writeUpTo(100);

    start(target("t"));

    await().atMost(PATIENCE).until(() -> receiver.stored().size() >= 200);
    for (int shard = 0; shard < SHARDS; shard++) {
      int own = shard;
      assertThat(delivered(shard))
          .isEqualTo(IntStream.range(0, 100).filter(i -> i % SHARDS == own).boxed().toList());
    }
    assertThat(overlaps).hasValue(0);
  }

  @Test
  void shouldNotLetAShardOrATargetThatIsStuckHoldUpOthers() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    try (FakeReceiver down = FakeReceiver.start()) {
      down.answer(request -> Reply.of(503, "starting"));
      receiver.answer(request -> request.holds("shard_0") ? waitFor(stuck) : Reply.ok());
      writeUpTo(60);

      RemoteWriteSender sender =
          start(Targets.of("down", down.url(), RemoteWriteVersion.V1), target("t"));

      await().atMost(PATIENCE).until(() -> delivered(1).size() == 20 && delivered(2).size() == 20);
      assertThat(delivered(0)).isEmpty();
      assertThat(sender.readiness().checks()).allMatch(Readiness.Check::ready);
      assertThat(sender.readiness().checks().get(0).detail()).isEqualTo("retrying: 503 starting");
      down.answer(request -> Reply.ok());
      stuck.countDown();
      await()
          .atMost(PATIENCE)
          .until(() -> down.stored().size() == 120 && delivered(0).size() == 20);
    }
  }

  @Test
  void shouldGoOnWhereItStopped() throws Exception {
    write(0, 1);
    RemoteWriteSender first = start(target("t"));
    await().atMost(PATIENCE).until(() -> delivered(0).size() == 1);
    first.close();
    long last = write(0, 2);

    start(target("t"));

    await().atMost(PATIENCE).until(() -> committed(0) == last + 1);
    assertThat(delivered(0)).containsExactly(1, 2);
  }

  @Test
  void shouldWorkWithTheConsumerGroupProtocolToo() throws Exception {
    long only = write(0, 1);
    try (RemoteWriteSender sender =
        new RemoteWriteSender(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.protocol", "consumer"),
            outbox.topic(),
            outbox.topic(),
            List.of(target("t")),
            registry,
            Clock.systemUTC(),
            new Random(1))) {
      sender.start();
      await().atMost(PATIENCE).until(() -> committed(0) == only + 1);
    }
    assertThat(delivered(0)).containsExactly(1);
  }

  @Test
  void shouldNotCommitPastWhatIsNotDelivered() throws Exception {
    write(0, 1);
    long second = write(0, 2);
    write(0, 3);
    receiver.answer(request -> request.holds(value(2)) ? Reply.of(503, "not now") : Reply.ok());

    RemoteWriteSender sender = start(target("t"));
    await().atMost(PATIENCE).until(() -> receiver.received().size() > 3);
    sender.close();

    assertThat(committed(0)).isEqualTo(second);
    assertThat(delivered(0)).containsExactly(1);
  }

  @Test
  void shouldParkATenantThatIsThrottledAndLoseNothingOfIt() throws Exception {
    AtomicInteger throttled = new AtomicInteger();
    receiver.answer(
        request ->
            "slow".equals(request.header("X-Scope-OrgID")) && throttled.incrementAndGet() <= 12
                ? Reply.of(429, "slow down")
                : Reply.ok());
    for (int i = 0; i < 300; i++) {
      outbox.write(0, i % 2 == 0 ? "slow" : "fast", numbered(0, i));
    }

    start(target("t"));

    await().atMost(PATIENCE).until(() -> odd(delivered(0)).size() == 150);
    assertThat(throttled).hasValueLessThanOrEqualTo(12);
    await().atMost(PATIENCE).until(() -> even(delivered(0)).size() == 150);
    assertThat(odd(delivered(0))).isSorted().doesNotHaveDuplicates();
    assertThat(even(delivered(0))).isSorted().doesNotHaveDuplicates();
    await().atMost(PATIENCE).until(() -> committed(0) == outbox.end(0) - 1);
  }

  @Test
  void shouldSendOnlyTheTenantsThatATargetTakes() throws Exception {
    outbox.write(0, "a", numbered(0, 1));
    outbox.write(0, "b", numbered(0, 2));
    long last = outbox.write(0, "a", numbered(0, 3));
    RemoteWriteTarget all = target("t");

    start(
        new RemoteWriteTarget(
            all.name(),
            all.url(),
            all.version(),
            all.timeout(),
            all.headers(),
            all.authorization(),
            all.connection(),
            all.limits(),
            new TargetTenants(Set.of(), Set.of("b"), true),
            all.relabeling()));

    await().atMost(PATIENCE).until(() -> committed(0) == last + 1);
    assertThat(delivered(0)).containsExactly(1, 3);
  }

  @Test
  void shouldDeliverOnlyWhatWasCommitted() throws Exception {
    outbox.writeAndAbort(0, "acme", Requests.floats(1, 1, "shard_0"));
    write(0, 2);

    start(target("t"));

    await().atMost(PATIENCE).until(() -> delivered(0).contains(2));
    assertThat(delivered(0)).containsExactly(2);
  }

  @Test
  void shouldCountWhatRetentionRemovedAndGoOn() throws Exception {
    write(0, 1);
    RemoteWriteSender first = start(target("t"));
    await().atMost(PATIENCE).until(() -> delivered(0).size() == 1);
    first.close();
    long committed = committed(0);
    for (int i = 2; i < 6; i++) {
      write(0, i);
    }
    long kept = write(0, 6);
    outbox.removeBefore(0, kept);

    start(target("t"));

    await().atMost(PATIENCE).until(() -> delivered(0).contains(6));
    assertThat(delivered(0)).containsExactly(1, 6);
    assertThat(registry.get("weir.sender.records.lost").counter().count())
        .isEqualTo((double) (kept - committed));
    assertThat(registry.get("weir.sender.time.lost").counter().count()).isPositive();
  }

  @Test
  void shouldSkipARecordThatCanNeverBeSent() throws Exception {
    outbox.write(0, "acme", "no protobuf".getBytes(StandardCharsets.UTF_8));
    outbox.write(0, "new\nline", Requests.floats(1, 1, "shard_0"));
    write(0, 2);

    start(target("t"));

    await().atMost(PATIENCE).until(() -> delivered(0).contains(2));
    assertThat(delivered(0)).containsExactly(2);
    assertThat(
            registry
                .get("weir.sender.samples.refused")
                .tag("reason", "malformed")
                .counter()
                .count())
        .isEqualTo(2);
  }

  @Test
  void shouldShareShardsAmongInstancesAndCatchUp() throws Exception {
    AtomicInteger count = new AtomicInteger();
    receiver.answer(request -> count.incrementAndGet() % 5 == 0 ? Reply.of(503, "") : Reply.ok());
    writeUpTo(150);
    start(target("t"));
    await().atMost(PATIENCE).until(() -> count.get() > 20);
    RemoteWriteSender second = start(target("t"));
    await().atMost(PATIENCE).until(() -> count.get() > 60);
    second.close();

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                IntStream.range(0, SHARDS)
                    .allMatch(shard -> delivered(shard).stream().distinct().count() == 50));
    for (int shard = 0; shard < SHARDS; shard++) {
      assertThat(delivered(shard).stream().distinct()).isSorted();
    }
  }

  @Test
  void shouldShowLagAndWhatIsDelivered() throws Exception {
    write(0, 1);
    write(1, 7);
    start(target("t"));

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                gauge("weir.sender.delivered.through.timestamp.seconds") == 7
                    && gauge("weir.sender.lag.records") == 0);
    receiver.answer(request -> Reply.of(503, ""));
    write(0, 8);
    write(0, 9);
    await().atMost(PATIENCE).until(() -> gauge("weir.sender.lag.records") >= 2);
  }

  @Test
  void shouldBeReadyWithNothingToDo() {
    RemoteWriteSender sender = start();

    assertThat(sender.readiness().checks())
        .containsExactly(new Readiness.Check("remote-write", true, "no targets"));
  }

  private RemoteWriteTarget target(String name) {
    return Targets.of(name, receiver.url(), RemoteWriteVersion.V1);
  }

  private RemoteWriteSender start(RemoteWriteTarget... targets) {
    RemoteWriteSender sender =
        new RemoteWriteSender(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            outbox.topic(),
            outbox.topic(),
            List.of(targets),
            registry,
            Clock.systemUTC(),
            new Random(1));
    senders.add(sender);
    sender.start();
    return sender;
  }

  /** From 0 on, each in the next shard. */
  private void writeUpTo(int end) throws Exception {
    outbox.writeAll(
        IntStream.range(0, end)
            .mapToObj(i -> new Outbox.Entry(i % SHARDS, numbered(i % SHARDS, i)))
            .toList());
  }

  /** A sample whose value and time say which one it is. */
  private long write(int shard, int number) throws Exception {
    return outbox.write(shard, "acme", numbered(shard, number));
  }

  private static Request numbered(int shard, int number) {
    return Requests.floats(number * 1000L, number, "shard_" + shard);
  }

  private List<Integer> delivered(int shard) {
    List<Integer> numbers = new ArrayList<>();
    List<String> lines = receiver.stored();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      if (lines.get(i).contains("=shard_" + shard + "}")) {
        String line = lines.get(i + 1);
        numbers.add(Integer.parseInt(line.substring(line.indexOf('@') + 1)) / 1000);
      }
    }
    return numbers;
  }

  private static List<Integer> even(List<Integer> numbers) {
    return numbers.stream().filter(n -> n % 2 == 0).toList();
  }

  private static List<Integer> odd(List<Integer> numbers) {
    return numbers.stream().filter(n -> n % 2 == 1).toList();
  }

  private static String value(int number) {
    return "@" + number * 1000L;
  }

  private long committed(int shard) {
    return outbox.committed(outbox.topic() + "-t", shard);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private static Reply waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Reply.ok();
  }
}
