package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.allinone.demo.KafkaOutbox;
import dev.weir.allinone.plan.Plan;
import dev.weir.allinone.plan.PlanSettings;
import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.snapshot.SnapshotSettings;
import dev.weir.allinone.snapshot.TakeSnapshot;
import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.testing.PrometheusServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same log gives the same samples: computed again beside the live application, from its
 * beginning, from a snapshot and from elsewhere, into files and targets, with other settings.
 */
class ReplayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern SOME_DONE = Pattern.compile("[1-9]\\d* % of");
  private static final String CALLS = "sum(traces_spanmetrics_calls_total)";

  @TempDir Path directory;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Terminal terminal = Terminal.plain(printer(), printer());

  private PrintStream printer() {
    return new PrintStream(said, true, StandardCharsets.UTF_8);
  }

  @Test
  void shouldComputeTheSameBytesAgainFromTheBeginningAndFromSnapshots() throws Exception {
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      Set<String> before = topics(weir);
      rounds(weir, traffic, 3);
      assertThat(replay(weir)).isZero();
      assertThat(snapshot(weir, "--as", "one")).isZero();

      rounds(weir, traffic, 3);
      String border = Instant.now().toString();
      assertThat(snapshot(weir, "--as", "two", "--from", "snapshot:one", "--at", border)).isZero();
      assertThat(snapshot(weir, "--as", "whole", "--at", border)).isZero();
      assertThat(content("two")).isEqualTo(content("whole")).hasSize(1 + 4 + 2);

      rounds(weir, traffic, 2);
      for (String from : List.of("beginning", "snapshot:one", "snapshot:two")) {
        assertThat(replay(weir, "--from", from)).as(from).isZero();
      }
      appendToOutbox(weir);
      assertThat(replay(weir)).isEqualTo(1);
      assertThat(replay(weir, "--from", "snapshot:two")).isEqualTo(1);
      assertThat(topics(weir)).isEqualTo(before);
    }
  }

  @Test
  void shouldGoOnFromASnapshotWhenRetentionHasTakenTheBeginningAndSayIfThereIsNone()
      throws Exception {
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      rounds(weir, traffic, 3);
      assertThat(snapshot(weir, "--as", "kept")).isZero();
      rounds(weir, traffic, 2);
      deleteSpans(weir, snapshotOffsets("kept"));

      assertThatThrownBy(
              () -> snapshot(weir, "--as", "first", "--snapshots-dir", directory + "/none"))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("are gone (retention), so totals cannot be computed")
          .hasMessageContaining("There is no snapshot in " + directory + "/none");
      assertThatThrownBy(() -> replay(weir)).hasMessageContaining("(snapshots.dir): kept;");
      String after = Instant.now().toString();
      assertThat(snapshot(weir, "--as", "next", "--from", "snapshot:kept")).isZero();
      rounds(weir, traffic, 3);
      assertThat(replay(weir, "--from", "snapshot:kept")).isZero();
      assertThat(replay(weir, "--from", "snapshot:next")).isZero();
      assertThat(replay(weir, "--from", after)).isZero();

      deleteSpans(weir, snapshotOffsets("next"));
      assertThatThrownBy(() -> replay(weir, "--from", "snapshot:kept"))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("from=snapshot:kept: records ")
          .hasMessageContaining("(snapshots.dir): kept, next;");
    }
  }

  private Map<Integer, Long> snapshotOffsets(String snapshot) {
    return new SnapshotDirectory(directory.resolve("snapshots").resolve(snapshot))
        .describe()
        .offsets();
  }

  /** As retention does. */
  private static void deleteSpans(AllInOne weir, Map<Integer, Long> before) throws Exception {
    Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
    before.forEach(
        (partition, offset) ->
            deletions.put(
                new TopicPartition("weir.spans", partition), RecordsToDelete.beforeOffset(offset)));
    try (Admin admin = Admin.create(weir.settings().kafkaClient())) {
      admin.deleteRecords(deletions).all().get();
    }
  }

  @Test
  void shouldCompareIncrementsFromATimeAndFromOffsets() throws Exception {
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      rounds(weir, traffic, 4);
      String middle = Instant.now().toString();
      rounds(weir, traffic, 5);
      assertThat(replay(weir, "--from", middle)).isZero();
      assertThat(replay(weir, "--from", "0:3,1:3,2:3,3:3")).isZero();
      assertThat(replay(weir, "--to", middle)).isZero();
      assertThatThrownBy(() -> replay(weir, "--from", "7:0"))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("has no partition 7, it has 4");
      assertThat(replay(weir, "--from", middle, "--external-labels", "zone=here"))
          .as("no series is there under its name")
          .isEqualTo(1);
    }
  }

  @Test
  void shouldFillAPrometheusByRemoteWriteAndByBlocks() throws Exception {
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      rounds(weir, traffic, 4);
      double spans = (double) traffic.acknowledged();
      try (PrometheusServer target = PrometheusServer.start(directory.resolve("target"))) {
        assertThat(
                replay(
                    weir,
                    "--output",
                    "remote-write",
                    "--remote-write-url",
                    target.remoteWriteUrl()))
            .isZero();
        assertThat(target.query(CALLS).get(0).value()).isEqualTo(spans);
      }
      Path text = directory.resolve("text");
      assertThat(
              replay(weir, "--output", "openmetrics", "--output-dir", text.toString(), "--compare"))
          .isZero();
      Instant end = Instant.now();
      createBlocks(text.resolve("single-tenant.openmetrics"), directory.resolve("blocks/data"));
      try (PrometheusServer blocks = PrometheusServer.start(directory.resolve("blocks"))) {
        assertThat(blocks.queryAt(CALLS, end).get(0).value()).isEqualTo(spans);
      }
    }
  }

  /** Beside a Prometheus that is tested with, or else on the path. */
  private static String promtool() {
    return PrometheusServer.binaries()
        .map(prometheus -> prometheus.resolveSibling("promtool"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse("promtool");
  }

  private static void createBlocks(Path text, Path blocks) throws Exception {
    Process process =
        new ProcessBuilder(
                promtool(),
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                text.toString(),
                blocks.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void shouldGoOnAfterItWasKilled() throws Exception {
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      rounds(weir, traffic, 5);
      List<String> slowly = flags(weir, "--rate", "2", "--session-timeout", "6s");
      slowly.add(0, "replay");
      Path said = directory.resolve("killed.log");
      try (JavaProcess killed = JavaProcess.weir(said, slowly)) {
        await()
            .alias("it has computed some")
            .atMost(PATIENCE)
            .until(() -> Files.exists(said) && SOME_DONE.matcher(Files.readString(said)).find());
        killed.kill();
      }
      assertThatThrownBy(() -> replay(weir, "--to", "1s"))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("it was another");
      assertThat(replay(weir, "--session-timeout", "6s")).isZero();
      assertThat(text()).contains("Going on with").contains("came out again to the bit");
    }
  }

  @Test
  void shouldShowWhatOtherSettingsChange() throws Exception {
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      Set<String> before = topics(weir);
      rounds(weir, traffic, 4);
      Path same = Files.writeString(directory.resolve("same.yaml"), "stale.after: 15m\n");
      assertThat(plan(weir, same)).isZero();
      Path other =
          Files.writeString(
              directory.resolve("other.yaml"),
              "span.metrics.histogram.buckets: [0.1, 1]\nprocessors: [span-metrics]\n");
      assertThat(plan(weir, other)).isEqualTo(1);
      assertThat(text())
          .contains("- single-tenant traces_service_graph_request")
          .contains("Samples per second")
          .contains("CPU seconds");
      assertThat(topics(weir)).isEqualTo(before);
    }
  }

  private String text() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static Set<String> topics(AllInOne weir) throws Exception {
    try (Admin admin = Admin.create(weir.settings().kafkaClient())) {
      return admin.listTopics().names().get();
    }
  }

  private Map<String, String> content(String snapshot) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("snapshots").resolve(snapshot))) {
      return new TreeMap<>(
          files.collect(Collectors.toMap(file -> file.getFileName().toString(), ReplayIT::hex)));
    }
  }

  private static String hex(Path file) {
    try {
      return HexFormat.of().formatHex(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void rounds(AllInOne weir, TestTraffic traffic, int count) {
    for (int round = 0; round < count; round++) {
      traffic.send(100);
      awaitAnotherWindow(weir);
    }
    long sent = System.currentTimeMillis();
    await().atMost(PATIENCE).until(() -> weir.completeThrough().orElse(0) > sent);
  }

  private static void awaitAnotherWindow(AllInOne weir) {
    long before = weir.completeThrough().orElse(0);
    await().atMost(PATIENCE).until(() -> weir.completeThrough().orElse(0) > before);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !new KafkaOutbox(weir.settings().kafkaClient(), "weir.samples")
                    .latestSince(before)
                    .isEmpty());
  }

  private List<String> flags(AllInOne weir, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers",
                weir.settings().kafkaClient().get("bootstrap.servers").toString()));
    flags.addAll(List.of("--shards", "2", "--window", "1s", "--service-graph-wait", "2s"));
    flags.addAll(List.of("--work-dir", directory.toString()));
    flags.addAll(List.of("--snapshots-dir", directory.resolve("snapshots").toString()));
    flags.addAll(List.of(more));
    return flags;
  }

  private int replay(AllInOne weir, String... more) throws InterruptedException {
    Settings settings =
        SettingsLoader.load(ReplaySettings.define(new ConfigDef()), flags(weir, more), Map.of());
    return new Replay(ReplaySettings.from(settings, Instant.now()), terminal).run();
  }

  private int snapshot(AllInOne weir, String... more) throws InterruptedException {
    Settings settings =
        SettingsLoader.load(SnapshotSettings.define(new ConfigDef()), flags(weir, more), Map.of());
    return new TakeSnapshot(SnapshotSettings.from(settings, Instant.now()), terminal).run();
  }

  private int plan(AllInOne weir, Path config) throws InterruptedException {
    return new Plan(
            PlanSettings.load(
                PlanSettings.define(new ConfigDef()),
                flags(weir, "--config", config.toString(), "--last", "10m"),
                Map.of(),
                Instant.now()),
            terminal)
        .run();
  }

  /** What nobody has computed. */
  private static void appendToOutbox(AllInOne weir) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            weir.settings().kafkaClient(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "weir.samples", 0, "single-tenant".getBytes(StandardCharsets.UTF_8), new byte[0]))
          .get();
    }
  }

  private AllInOne start(DataDirectory data) {
    List<String> flags =
        List.of(
            "--data-dir",
            directory.resolve("weir-data").toString(),
            "--kafka-port",
            "0",
            "--http-port",
            "0",
            "--otlp-grpc-port",
            "0",
            "--otlp-http-port",
            "0",
            "--service-graph-wait",
            "2s",
            "--window",
            "1s");
    SettingsSource source = SettingsSource.read(Command.UP, flags, Map.of());
    return AllInOne.start(source, source.ports(), data, true);
  }
}
