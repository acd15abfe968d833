package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.scale.Scale;
import dev.weir.allinone.scale.ScaleSettings;
import dev.weir.allinone.snapshot.SnapshotSettings;
import dev.weir.allinone.snapshot.TakeSnapshot;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.audit.application.Audit;
import dev.weir.audit.config.AuditSettings;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.testing.FreePorts;
import dev.weir.testing.PrometheusServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A broker, instances of the streams app and a real Prometheus, each a process of its own, and a
 * distributor with traffic; and what can be asked of all of them.
 */
final class TestInstallation implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(4);

  /** After which an instance that is gone is missed. */
  static final Duration SESSION = Duration.ofSeconds(6);

  /** The same for members of groups of which the broker says so; it would take 45 s. */
  private static final List<String> SOON_MISSED =
      List.of(
          "group.streams.session.timeout.ms=" + SESSION.toMillis(),
          "group.streams.min.session.timeout.ms=" + SESSION.toMillis(),
          "group.streams.heartbeat.interval.ms=1000",
          "group.streams.min.heartbeat.interval.ms=1000");

  /** How long a side of a call waits for the other. */
  static final Duration WAIT = Duration.ofSeconds(3);

  private final Path directory;
  private final String kafka;
  private final JavaProcess broker;
  private final PrometheusServer prometheus;
  private final FaultyProxy receiver;
  private final TestDistributor distributor;
  private final Map<String, JavaProcess> apps = new TreeMap<>();
  private final Map<String, Integer> ports = new HashMap<>();

  /**
   * Starts everything but the streams app.
   *
   * @param brokerSettings such as {@code key=value}
   */
  TestInstallation(Path directory, String... brokerSettings) {
    this.directory = directory;
    int kafkaPort = FreePorts.take();
    this.kafka = "127.0.0.1:" + kafkaPort;
    this.broker =
        JavaProcess.broker(
            directory.resolve("broker.log"),
            directory.resolve("kafka"),
            kafkaPort,
            Stream.concat(SOON_MISSED.stream(), Stream.of(brokerSettings)).toArray(String[]::new));
    this.prometheus = PrometheusServer.start(directory.resolve("prometheus"));
    this.receiver = new FaultyProxy(prometheus.remoteWriteUrl());
    this.distributor = TestDistributor.start(kafka);
  }

  /** Starts an instance with a state directory of its own. */
  JavaProcess startApp(String name, String... flags) {
    return startApp(name, List.of(flags));
  }

  JavaProcess startApp(String name, List<String> flags) {
    ports.put(name, FreePorts.take());
    List<String> all =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers",
                kafka,
                "--remote-write-url",
                receiver.url(),
                "--state-dir",
                directory.resolve(name).toString(),
                "--session-timeout",
                SESSION.toSeconds() + "s",
                "--stream-threads",
                "1",
                "--window",
                "1s",
                "--service-graph-wait",
                WAIT.toSeconds() + "s",
                "--shards",
                "4",
                "--http-port",
                Integer.toString(ports.get(name))));
    all.addAll(flags);
    JavaProcess app = JavaProcess.streamsApp(directory.resolve(name + ".log"), all);
    apps.put(name, app);
    return app;
  }

  TestTraffic traffic() {
    return distributor.traffic();
  }

  JavaProcess broker() {
    return broker;
  }

  PrometheusServer prometheus() {
    return prometheus;
  }

  /** Stands before Prometheus. */
  FaultyProxy receiver() {
    return receiver;
  }

  void awaitSamples() {
    await().atMost(PATIENCE).until(() -> !counters().isEmpty());
  }

  /**
   * Every counter equals a plain recount of the log, per series, none was reset, and every span
   * that was acknowledged is there.
   */
  LogRecount awaitNumbersOfTheLog() throws Exception {
    LogRecount log = LogRecount.of(client(), "weir.spans", WAIT);
    Set<String> missing = new HashSet<>(traffic().acknowledgedIds());
    missing.removeAll(log.spanIds()); // AssertJ would compare each with each
    assertThat(missing).isEmpty();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(log.differences(counters())).isEmpty());
    assertThat(resets()).isEmpty();
    return log;
  }

  /** Names of metrics that have a series of which a value was less than the one before. */
  private List<String> resets() {
    return prometheus.query("count by (__name__) ({__name__=~'traces_.+'})").stream()
        .map(sample -> sample.labels().get("__name__"))
        .filter(name -> query("max(resets(" + name + "[1d]))") > 0)
        .toList();
  }

  private Map<String, Object> client() {
    return Map.of("bootstrap.servers", kafka);
  }

  private Map<String, Double> counters() {
    return prometheus.query("{__name__=~'traces_.+'}").stream()
        .collect(
            Collectors.toMap(
                sample -> LogRecount.series(sample.labels()), PrometheusServer.Sample::value));
  }

  /** The first value of the result, or 0. */
  double query(String promql) {
    return prometheus.query(promql).stream()
        .mapToDouble(PrometheusServer.Sample::value)
        .findFirst()
        .orElse(0);
  }

  /** Half edges without an edge, by reason, as the books have them. */
  Map<String, Long> unpaired() throws Exception {
    Map<String, Long> unpaired = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records("weir.ledger")) {
      LedgerEntry.parseFrom(record.value())
          .getServiceGraph()
          .getUnpairedMap()
          .forEach((reason, count) -> unpaired.merge(reason, count, Long::sum));
    }
    return unpaired;
  }

  boolean hasSpans(int partition) {
    return records("weir.spans").stream()
        .anyMatch(record -> record.partition() == partition && record.value().length > 0);
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<String, Object> client = new HashMap<>(client());
    client.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  /** What an instance says of itself. */
  String metrics(String app) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + ports.get(app) + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Whether the broker knows a transactional id of the streams app. */
  boolean hasTransactionalIds() throws Exception {
    try (Admin admin = Admin.create(client())) {
      return admin.listTransactions().all().get().stream()
          .anyMatch(listing -> listing.transactionalId().startsWith("weir-streams-"));
    }
  }

  /** What an instance that is not running had on its disk is gone. */
  void loseDisk(String app) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(app))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Lets the broker forget the streams app's group as soon as it has no members. */
  void forgetOffsets() {
    try (Admin admin = Admin.create(client())) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> admin.deleteConsumerGroups(List.of("weir-streams")).all().get() == null);
    }
  }

  int scale(int partitions) throws InterruptedException {
    Settings settings =
        load(ScaleSettings.define(new ConfigDef()), "--partitions", Integer.toString(partitions));
    return new Scale(ScaleSettings.from(settings), terminal()).run();
  }

  int audit() throws InterruptedException {
    Settings settings = load(AuditSettings.define(new ConfigDef()), "--window", "1s");
    return new Audit(AuditSettings.from(settings), System.out::println, System.err::println).run();
  }

  /**
   * Computes the log again and compares.
   *
   * @param from as {@code weir replay} takes it
   */
  int replay(String from) throws InterruptedException {
    Settings settings = beside(ReplaySettings.define(new ConfigDef()), "--from", from);
    return new Replay(ReplaySettings.from(settings, Instant.now()), terminal()).run();
  }

  /** Takes a snapshot of that name. */
  int snapshot(String name) throws InterruptedException {
    Settings settings = beside(SnapshotSettings.define(new ConfigDef()), "--as", name);
    return new TakeSnapshot(SnapshotSettings.from(settings, Instant.now()), terminal()).run();
  }

  private Settings beside(ConfigDef definition, String... flags) {
    List<String> all =
        new ArrayList<>(
            List.of(
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
                WAIT.toSeconds() + "s"));
    all.addAll(List.of(flags));
    return load(definition, all.toArray(String[]::new));
  }

  private static Terminal terminal() {
    return Terminal.plain(System.out, System.err);
  }

  private Settings load(ConfigDef definition, String... flags) {
    List<String> all = new ArrayList<>(List.of("--kafka-bootstrap-servers", kafka));
    all.addAll(List.of(flags));
    return SettingsLoader.load(definition, all, Map.of());
  }

  @Override
  public void close() {
    distributor.close();
    apps.values().forEach(JavaProcess::close);
    receiver.close();
    prometheus.close();
    broker.close();
  }
}
