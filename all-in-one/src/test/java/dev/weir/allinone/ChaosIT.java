package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.snapshot.SnapshotSettings;
import dev.weir.allinone.snapshot.TakeSnapshot;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.audit.application.Audit;
import dev.weir.audit.config.AuditSettings;
import dev.weir.distributor.application.DistributorApp;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.testing.PrometheusServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker, two or three instances of the streams app and a real Prometheus, each a process, under
 * load; at random one of them is killed with SIGKILL, frozen, out of disk, refuses what it is sent,
 * or is away for a while. In the end every span that was acknowledged is in the log, every counter
 * in Prometheus equals a plain recount of the log, per series, no counter was reset, the books
 * balance, and the log computed again gives the live outbox to the bit.
 *
 * <p>{@code -Dweir.chaos.steps=N} makes it longer; {@code -Dweir.chaos.seed=X} repeats a schedule.
 */
class ChaosIT {
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration SESSION = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int STEPS = Integer.getInteger("weir.chaos.steps", 15);
  private static final long SEED = Long.getLong("weir.chaos.seed", System.nanoTime());

  private final SplittableRandom random = new SplittableRandom(SEED);

  @TempDir Path directory;

  @Test
  void shouldCountEverySpanOfTheLogOnceWhateverDies() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    tell("%d steps; repeat with -Dweir.chaos.seed=%d".formatted(STEPS, SEED));
    int kafkaPort = freePort();
    int otlpPort = freePort();
    String kafka = "127.0.0.1:" + kafkaPort;
    try (JavaProcess broker =
            JavaProcess.broker(
                directory.resolve("broker.log"), directory.resolve("kafka"), kafkaPort);
        PrometheusServer prometheus = PrometheusServer.start(directory.resolve("prometheus"));
        FaultyProxy receiver = new FaultyProxy(prometheus.remoteWriteUrl());
        DistributorApp distributor = distributor(kafka, otlpPort);
        JavaProcess first = streamsApp("first", kafka, receiver);
        JavaProcess second = streamsApp("second", kafka, receiver);
        TestTraffic traffic = new TestTraffic("http://127.0.0.1:" + otlpPort)) {
      distributor.start();
      await()
          .atMost(PATIENCE)
          .until(() -> distributor.readiness().checks().stream().allMatch(check -> check.ready()));
      traffic.send(200);
      for (int step = 0; step < STEPS; step++) {
        JavaProcess app = random.nextBoolean() ? first : second;
        switch (random.nextInt(3)) {
          case 0 -> disturbTheWorld(broker, prometheus, receiver, traffic);
          case 1 -> disturb(app, app == first ? second : first, traffic);
          default -> scale(kafka, receiver, app, traffic);
        }
        traffic.send(100);
        if (step == STEPS / 2) {
          assertThat(snapshot(kafka)).isZero();
        }
      }
      LogRecount log = LogRecount.of(Map.of("bootstrap.servers", kafka), "weir.spans", WAIT);
      tell("spans that are in the log more than once: " + log.repeated());
      assertThat(log.spanIds()).containsAll(traffic.acknowledgedIds());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(counters(prometheus)).isEqualTo(log.series()));
      assertThat(resets(prometheus)).isEmpty();
      assertThat(audit(kafka)).isZero();
      assertThat(replay(kafka, "beginning")).isZero();
      assertThat(replay(kafka, "snapshot:halfway")).isZero();
    }
  }

  private void disturb(JavaProcess app, JavaProcess other, TestTraffic traffic) {
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        tell("an app is killed and comes back at once");
        app.kill();
        app.start();
        traffic.send(50);
      }
      case 2 -> {
        tell("an app is killed and away for a while");
        app.kill();
        traffic.send(300);
        app.start();
      }
      case 3 -> {
        tell("an app stands still");
        app.freeze();
        traffic.send(300);
        app.thaw();
      }
      default -> {
        tell("an app's disk is full while it takes over from another one that is killed");
        app.fillDisk();
        other.kill();
        sendFor(SESSION.plusSeconds(4), traffic);
        app.freeDisk();
        other.start();
      }
    }
  }

  private void disturbTheWorld(
      JavaProcess broker, PrometheusServer prometheus, FaultyProxy receiver, TestTraffic traffic) {
    switch (random.nextInt(4)) {
      case 0 -> {
        tell("the broker is killed");
        broker.kill();
        broker.start();
        traffic.send(50);
      }
      case 1 -> {
        tell("Prometheus is away");
        prometheus.stop();
        traffic.send(200);
        prometheus.start();
      }
      case 2 -> {
        tell("the receiver is unavailable");
        receiver.fail(FaultyProxy.Fault.UNAVAILABLE);
        traffic.send(200);
        receiver.fail(FaultyProxy.Fault.NONE);
      }
      default -> {
        tell("the receiver's answers get lost");
        receiver.fail(FaultyProxy.Fault.ANSWER_LOST);
        traffic.send(200);
        receiver.fail(FaultyProxy.Fault.NONE);
      }
    }
  }

  private static void sendFor(Duration time, TestTraffic traffic) {
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
      traffic.send(50);
    }
  }

  /** Another instance joins and leaves; in between it may be one of the others that dies. */
  private void scale(String kafka, FaultyProxy receiver, JavaProcess app, TestTraffic traffic) {
    tell("a third app joins and is killed");
    try (JavaProcess third = streamsApp("third", kafka, receiver)) {
      traffic.send(200);
      if (random.nextBoolean()) {
        tell("another one is killed meanwhile");
        app.kill();
        app.start();
      }
      traffic.send(200);
      third.kill();
    }
  }

  private static void tell(String what) {
    System.out.println("chaos: " + what);
  }

  private static Map<String, Double> counters(PrometheusServer prometheus) {
    return prometheus.query("{__name__=~'traces_.+'}").stream()
        .collect(
            Collectors.toMap(
                sample -> LogRecount.series(sample.labels()), PrometheusServer.Sample::value));
  }

  /** Names of metrics that have a series of which a value was less than the one before. */
  private static List<String> resets(PrometheusServer prometheus) {
    return prometheus.query("count by (__name__) ({__name__=~'traces_.+'})").stream()
        .map(sample -> sample.labels().get("__name__"))
        .filter(name -> prometheus.query("max(resets(" + name + "[1d]))").get(0).value() > 0)
        .toList();
  }

  private static int audit(String kafka) throws InterruptedException {
    List<String> flags = List.of("--kafka-bootstrap-servers", kafka, "--window", "1s");
    Settings settings = SettingsLoader.load(AuditSettings.define(new ConfigDef()), flags, Map.of());
    return new Audit(AuditSettings.from(settings), System.out::println, System.err::println).run();
  }

  private int replay(String kafka, String from) throws InterruptedException {
    List<String> flags = new ArrayList<>(beside(kafka));
    flags.addAll(List.of("--from", from));
    Settings settings =
        SettingsLoader.load(ReplaySettings.define(new ConfigDef()), flags, Map.of());
    return new Replay(
            ReplaySettings.from(settings, Instant.now()), Terminal.plain(System.out, System.err))
        .run();
  }

  private int snapshot(String kafka) throws InterruptedException {
    List<String> flags = new ArrayList<>(beside(kafka));
    flags.addAll(List.of("--as", "halfway"));
    Settings settings =
        SettingsLoader.load(SnapshotSettings.define(new ConfigDef()), flags, Map.of());
    return new TakeSnapshot(
            SnapshotSettings.from(settings, Instant.now()), Terminal.plain(System.out, System.err))
        .run();
  }

  private List<String> beside(String kafka) {
    return List.of(
        "--kafka-bootstrap-servers",
        kafka,
        "--work-dir",
        directory.toString(),
        "--snapshots-dir",
        directory.resolve("snapshots").toString(),
        "--shards",
        "4",
        "--window",
        "1s",
        "--patience",
        "60s",
        "--service-graph-wait",
        WAIT.toSeconds() + "s");
  }

  private JavaProcess streamsApp(String name, String kafka, FaultyProxy receiver) {
    return JavaProcess.streamsApp(
        directory.resolve(name + ".log"),
        List.of(
            "--kafka-bootstrap-servers",
            kafka,
            "--remote-write-url",
            receiver.url(),
            "--state-dir",
            directory.resolve(name).toString(),
            "--instance-id",
            name,
            "--session-timeout",
            "6s",
            "--stream-threads",
            "1",
            "--window",
            "1s",
            "--service-graph-wait",
            WAIT.toSeconds() + "s",
            "--shards",
            "4",
            "--http-port",
            "0"));
  }

  private static DistributorApp distributor(String kafka, int otlpPort) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers",
            kafka,
            "--otlp-host",
            "127.0.0.1",
            "--otlp-grpc-port",
            "" + otlpPort,
            "--otlp-http-port",
            "0");
    Settings settings =
        SettingsLoader.load(DistributorSettings.define(new ConfigDef()), flags, Map.of());
    return new DistributorApp(
        DistributorSettings.from(settings), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
