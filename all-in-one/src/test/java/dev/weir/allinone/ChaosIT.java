package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testing.PrometheusServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker, two or three instances of the streams app and a real Prometheus, each a process, under
 * load; at random one of them is killed with SIGKILL, frozen, out of disk, refuses what it is sent,
 * or is away for a while, partitions are added, and clients send spans again. In the end every span
 * that was acknowledged is in the log, every counter in Prometheus equals a plain recount of the
 * log, per series, no counter was reset, the books balance and name every side of a call that is in
 * no edge, and the log computed again gives the live outbox to the bit.
 *
 * <p>{@code -Dweir.chaos.steps=N} makes it longer; {@code -Dweir.chaos.seed=X} repeats a schedule.
 */
class ChaosIT {
  private static final int STEPS = Integer.getInteger("weir.chaos.steps", 15);
  private static final long SEED = Long.getLong("weir.chaos.seed", System.nanoTime());
  private static final int MOST_PARTITIONS = 16;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<String, Integer> happened = new TreeMap<>();
  private int partitions = 4;

  /** After a failure topics, logs and state are there to be looked at. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void shouldCountEverySpanOfTheLogOnceWhateverDies() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    tell("%d steps; repeat with -Dweir.chaos.seed=%d".formatted(STEPS, SEED));
    try (TestInstallation weir = new TestInstallation(directory)) {
      JavaProcess first = weir.startApp("first", "--instance-id", "first");
      JavaProcess second = weir.startApp("second", "--instance-id", "second");
      weir.traffic().send(200);
      weir.awaitSamples();
      for (int step = 0; step < STEPS; step++) {
        JavaProcess app = random.nextBoolean() ? first : second;
        switch (random.nextInt(3)) {
          case 0 -> disturbTheWorld(weir);
          case 1 -> disturb(app, app == first ? second : first, weir.traffic());
          default -> scale(weir, app);
        }
        weir.traffic().send(100);
        if (step == STEPS / 2) {
          sendAgain(weir.traffic()); // in every run, however short
          // a partition that was just added holds all windows open until somebody owns it
          await()
              .atMost(TestInstallation.PATIENCE)
              .untilAsserted(() -> assertThat(weir.snapshot("halfway")).isZero());
        }
      }
      LogRecount log = weir.awaitNumbersOfTheLog();
      tell("what happened: " + happened);
      tell("spans: %d, more than once: %d".formatted(log.spanIds().size(), log.repeated()));
      await()
          .atMost(TestInstallation.PATIENCE)
          .untilAsserted(() -> assertThat(sum(weir.unpaired())).isEqualTo(log.alone()));
      tell("sides of calls that are in no edge: " + weir.unpaired());
      assertThat(weir.audit()).isZero();
      assertThat(weir.replay("beginning")).isZero();
      assertThat(weir.replay("snapshot:halfway")).isZero();
    }
  }

  private void disturb(JavaProcess app, JavaProcess other, TestTraffic traffic) {
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        happens("an app is killed and comes back at once");
        restart(app);
        traffic.send(50);
      }
      case 2 -> {
        happens("an app is killed and away for a while");
        kill(app);
        traffic.send(300);
        app.start();
      }
      case 3 -> {
        happens("an app is stopped and started");
        app.stop();
        traffic.send(100);
        app.start();
      }
      case 4 -> {
        happens("an app stands still");
        app.freeze();
        traffic.send(300);
        app.thaw();
      }
      default -> {
        happens("an app's disk is full while it takes over from another one that is killed");
        app.fillDisk();
        kill(other);
        sendFor(TestInstallation.SESSION.plusSeconds(4), traffic);
        app.freeDisk();
        other.start();
      }
    }
  }

  private void disturbTheWorld(TestInstallation weir) throws Exception {
    switch (random.nextInt(5)) {
      case 0 -> {
        happens("the broker is killed");
        restart(weir.broker());
        weir.traffic().send(50);
      }
      case 1 -> {
        happens("Prometheus is away");
        weir.prometheus().stop();
        weir.traffic().send(200);
        weir.prometheus().start();
      }
      case 2 -> {
        happens("the receiver is unavailable");
        fail(weir, FaultyProxy.Fault.UNAVAILABLE);
      }
      case 3 -> sendAgain(weir.traffic());
      default -> {
        happens("the receiver's answers get lost");
        fail(weir, FaultyProxy.Fault.ANSWER_LOST);
      }
    }
  }

  private static void fail(TestInstallation weir, FaultyProxy.Fault fault) {
    weir.receiver().fail(fault);
    weir.traffic().send(200);
    weir.receiver().fail(FaultyProxy.Fault.NONE);
  }

  /** Within the time that a side of a call waits for the other, and perhaps after it. */
  private void sendAgain(TestTraffic traffic) throws InterruptedException {
    happens("clients send spans again");
    traffic.sendAgain();
    Thread.sleep(random.nextInt(2) * (TestInstallation.WAIT.toMillis() + 500));
    traffic.sendAgain();
  }

  private static void sendFor(Duration time, TestTraffic traffic) {
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
      traffic.send(50);
    }
  }

  private void scale(TestInstallation weir, JavaProcess app) throws Exception {
    if (random.nextInt(3) == 0 && partitions < MOST_PARTITIONS) {
      addPartition(weir, app);
    } else {
      addInstance(weir, app);
    }
  }

  /** An instance may die before it has heard of the partition. */
  private void addPartition(TestInstallation weir, JavaProcess app) throws Exception {
    happens("a partition is added");
    int more = ++partitions;
    FutureTask<Integer> scaled = new FutureTask<>(() -> weir.scale(more));
    new Thread(scaled, "scale").start();
    weir.traffic().send(100);
    if (random.nextBoolean()) {
      happens("an app is killed meanwhile");
      restart(app);
    }
    weir.traffic().send(100);
    assertThat(scaled.get()).isZero();
    weir.traffic().send(100);
  }

  /** Another instance joins and leaves; in between it may be one of the others that dies. */
  private void addInstance(TestInstallation weir, JavaProcess app) {
    happens("a third app joins and is killed");
    try (JavaProcess third = weir.startApp("third", "--instance-id", "third")) {
      weir.traffic().send(200);
      if (random.nextBoolean()) {
        happens("an app is killed meanwhile");
        restart(app);
      }
      weir.traffic().send(200);
      kill(third);
    }
  }

  private void restart(JavaProcess process) {
    kill(process);
    process.start();
  }

  private void kill(JavaProcess process) {
    happened.merge("kills", 1, Integer::sum);
    process.kill();
  }

  private void happens(String what) {
    happened.merge(what, 1, Integer::sum);
    tell(what);
  }

  private static void tell(String what) {
    System.out.println("chaos: " + what);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
